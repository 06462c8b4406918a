"""Chinese: it puts no spaces between words, so that a table may hold single characters."""

from __future__ import annotations

from index.language.language import (
    Calendar,
    Language,
    Negation,
    Numerals,
    Opposites,
    Orders,
    Pronouns,
    Questions,
    Talk,
    Units,
    Wording,
    numbered,
    opposite_pairs,
    units,
    words,
)

_OPPOSITES = """
上升 增加 增长 上涨 | 下降 减少 下跌
高于 大于 多于 | 低于 小于 少于
最大 最高 最多 | 最小 最低 最少
之前 以前 | 之后 以后
开始 | 结束 停止
允许 合法 | 禁止 非法
支持 | 反对
购买 | 出售
"""

_WEEKDAYS = numbered("一 二 三 四 五 六 日") | {"天": 6}

_VALUES = numbered("零 一 二 三 四 五 六 七 八 九") | {"〇": 0, "两": 2, "兩": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_DIGITS = "".join(_VALUES)
_NUMERALS = "".join((*_VALUES, *_SCALES))
_MONTH = rf"(?P<month>\d{{1,2}}|[{_NUMERALS}]{{1,3}})\s?月(?:份)?"
_DAY = rf"(?:(?P<day>\d{{1,2}}|[{_NUMERALS}]{{1,3}})\s?[日号號])"
_UNITS = """
percentage point: 个百分点 個百分點
dollar: 美元 美金
euro: 欧元 歐元
pound: 英镑 英鎊 磅
yuan: 人民币 人民幣 元
yen: 日元 日圆
rupee: 卢比
kilometre: 公里 千米
metre: 米 公尺
centimetre: 厘米 公分
millimetre: 毫米
mile: 英里
yard: 码
foot: 英尺
inch: 英寸
kilogram: 公斤 千克
gram: 克
milligram: 毫克
tonne: 吨 噸
ounce: 盎司
litre: 升
gallon: 加仑
barrel: 桶
square kilometre: 平方公里
square metre: 平方米
square mile: 平方英里
square foot: 平方英尺
acre: 英亩
hectare: 公顷
century: 世纪 世紀
year: 年 岁 歲
month: 个月 個月
week: 周 週 星期
day: 天 日
hour: 小时 小時
minute: 分钟 分鐘
second: 秒
millisecond: 毫秒
degree Celsius: 摄氏度
degree: 度
hertz: 赫兹
watt: 瓦
kilowatt: 千瓦
megawatt: 兆瓦
volt: 伏
person: 人
time: 次
"""

LANGUAGE = Language(
    code="zh",
    name="Chinese",
    read_as="en",
    pronouns=Pronouns(
        masculine=words("他"),
        feminine=words("她"),
        other=words("它"),
        demonstratives=words("这 那 此 其"),
        openers=words("但"),
        leaning=("这个|那个|呢[？?]?$",),
        pointing=("这个|那个",),
    ),
    negation=Negation(
        words=words("不 没 沒 無 无 未 非 别 別 勿"),
        idle=(
            "不[仅僅但过過同断斷久少论論管满滿幸安错錯足]|差不多|不得不|无[论锡数疑]|無[論錫數疑]|未[来來]|非[常洲凡]|[除莫是]非|[别別][人的墅]",
            "[特分区區级級性個个类類辨差告識识][别別]|[没沒][收落]|[沉淹出埋][没沒]",
        ),
        negative=("否",),
    ),
    calendar=Calendar(
        short_weekdays={
            f"{week}{day}": number for week in ("星期", "周", "週", "礼拜", "禮拜") for day, number in _WEEKDAYS.items()
        },
        written=(
            rf"(?P<year>\d{{4}}|[{_DIGITS}]{{4}})\s?年\s?(?:{_MONTH}\s?{_DAY}?)?",
            rf"{_MONTH}\s?{_DAY}?",
            r"(?<![\d.,])(?P<day>\d{1,2})\s?[日号號](?!线|楼)",
            r"(?P<decade>1\d[1-9]0|20\d0|[1-9]0)\s?年代",
            rf"第(?P<quarter>[{_DIGITS}1-4])季度?|(?<![{_DIGITS}\d])(?P<quarter2>[{_DIGITS}])季度",
        ),
        words=words("世纪 世紀 年 月 日"),
    ),
    numerals=Numerals(
        digits=_VALUES,
        digit_scales=_SCALES,
        shares=(
            rf"百分之(?P<percent>[{_NUMERALS}]+|\d+(?:\.\d+)?)",
            rf"(?P<of>[{_NUMERALS}]{{1,12}})分之(?P<part>[{_NUMERALS}]{{1,12}})",
        ),
        ranks=("第",),
        ranges=words("至 到"),
        vague=words("一 万 千 百"),
        counted=("[年月日天个個名人位次元周週岁歲倍家项項座支只條条種种場场分小千公米吨]|多|余",),
    ),
    units=Units(behind=units(_UNITS)),
    questions=Questions(
        words=words("谁 什 哪 几 幾 怎 吗 嗎 多少"),
        for_number=("多少|几[个次名位年人]|多[大高长久远重]",),
        for_date=("什么时候|什麼時候|何时|何時|哪一?年|哪天|几月|幾月",),
        number_words=words("一 二 三 四 五 六 七 八 九 十 百 千 万 億 亿 两"),
    ),
    talk=Talk(
        greetings=(
            r"你好|您好|大家好|哈喽|嗨|早上好|下午好|晚上好|早安|晚安|谢谢|謝謝|多谢|多謝|感谢|感謝|你|您|了|啊|呀|吗|嗎|好的?|再见|再見|拜拜|哈哈+|真的",
        ),
        filling=(
            "什么时候|什麼時候|多少|什么|什麼|怎么|怎麼|怎样|哪里|哪个|哪些|哪天|哪一?年|何时|何時|为什么|是不是|有没有|可以",
            "这个|那个|[他她它]们?|[谁誰几幾是的了吗嗎呢吧在有和与那这也都]",
        ),
        going_on=("^那", r"呢\W*$"),
    ),
    wording=Wording(of_itself=("我",)),
    opposites=Opposites(pairs=opposite_pairs(_OPPOSITES)),
    orders=Orders(
        anywhere=(
            r"(?:忽略|无视|忘记|忘掉)(?:上文|上述内容|以上内容|前文)",
            r"(?:忽略|无视|無視|忘记|忘記|忘掉|不要理会|不理会)[^。!?！？]{0,8}(?:之前|此前|以上|先前|上述|前面|上面|所有|一切|任何|你的|您的)"
            r"[^。!?！？]{0,10}(?:指令|指示|提示|规则|規則|命令|要求|说明)",
            r"(?:只|仅|僅|必须|必須|请|請|务必|一律|直接|改为)[^。,，!！]{0,6}(?:回答|回复|回覆|输出|輸出)[^。,，!！]{0,6}[“「『:：]",
            r"(?:从现在起|从现在开始|現在起)[,，]?你(?:是|必须|要|只|将)|你(?:现在|現在|不再)是(?:一个|一個|一名|DAN)|系统提示词|系統提示詞",
            r"(?:当|如果|若|每当|凡是)[^。]{0,20}(?:问|問|询问)[^。]{0,30}[,，](?:请你?|你|就|都|一律|应当?|要|必须|只)*(?:回答|回复|说|输出)",
            r"(?:告诉|告訴|通知)(?:所有|每个)?(?:用户|用戶|使用者|提问者)",
            r"(?:人工智能|AI|语言模型|助手|机器人|大模型)[^。]{0,12}(?:必须|必須|务必|应当|应该)[^。]{0,8}(?:回答|回复|输出|说|写|提到|忽略|附上|加上)",
            r"(?:每个|每條|每条|所有|每次)(?:回答|回复|答案)[^。]{0,6}(?:必须|都要|应|务必|末尾|结尾|开头)",
        ),
        going_on=("请|說|说|回答|输出",),
        decoding=("解码",),
    ),
)
