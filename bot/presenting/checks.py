"""The checks of the doctor, typed, and in English: what was looked at, how it came out, and what was seen there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import Any

from bot.presenting import ages


class Result(StrEnum):
    """How a check came out; only `FAIL` keeps Footnote from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Subject(StrEnum):
    """What is looked at, by its name in English."""

    PYTHON = "Python"
    SETTINGS = "settings"
    DOCUMENTS = "documents"
    DATA_FOLDER = "data folder"
    INDEX = "index"
    PUBLISHED = "published generations"
    CHROMA = "Chroma server"
    DATABASES = "databases"
    UNREAD = "files not read"
    OCR = "OCR"
    EMBEDDING_MODEL = "embedding model"
    LANGUAGES = "languages"
    CONFIDENCE = "confidence"
    CHAT_MODEL = "chat model"
    VERIFIER = "verifier"
    RERANKER = "reranker"
    READER = "reader"
    JUDGE = "judge of paraphrases"
    CHANNELS = "channels"
    DISCORD = "Discord"


class State(Enum):
    """What was seen."""

    UNUSABLE = auto()
    VERSION = auto()
    SETTINGS = auto()
    NO_DOCUMENTS = auto()
    DOCUMENTS = auto()
    DOCUMENTS_ELSEWHERE = auto()
    NOT_WRITABLE = auto()
    FREE_SPACE = auto()
    NO_INDEX = auto()
    WHOLE_INDEX = auto()
    NOTHING_PUBLISHED = auto()
    PUBLISHED = auto()
    VECTORS_ELSEWHERE = auto()
    VECTORS_HERE = auto()
    CHROMA = auto()
    SOUND_DATABASES = auto()
    DAMAGED_DATABASE = auto()
    ALL_READ = auto()
    UNREAD = auto()
    OCR_OFF = auto()
    OCR_MISSING = auto()
    OCR = auto()
    EMBEDDING_MODEL = auto()
    LANGUAGES = auto()
    UNREAD_LANGUAGES = auto()
    UNMEASURED = auto()
    MEASURED = auto()
    QUOTES_ALONE = auto()
    CHAT_MODEL = auto()
    NOT_SET = auto()
    VERIFIER = auto()
    RERANKER = auto()
    NO_READER = auto()
    READER = auto()
    UNCALIBRATED_READER = auto()
    NO_JUDGE = auto()
    JUDGE = auto()
    UNFIT_JUDGE = auto()
    SILENT_JUDGE = auto()
    FITTED_ON_ANOTHER = auto()
    CALIBRATED = auto()
    NO_CHANNELS = auto()
    CHANNELS = auto()
    UNREAD_CHANNELS = auto()
    UNHEARD_CHANNELS = auto()
    NO_TOKEN = auto()
    DISCORD = auto()


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was looked at, how it came out, what was seen, and the `data` that this holds."""

    subject: Subject
    result: Result
    state: State
    data: Mapping[str, Any] = field(default_factory=dict)


_ENGLISH = {
    State.UNUSABLE: "{reason}",
    State.VERSION: "{version}",
    State.SETTINGS: "corpus {corpus}, data {data}, model {model}",
    State.NO_DOCUMENTS: "{corpus} holds no file that can be read: put documents there",
    State.DOCUMENTS: "{files:,} files in {corpus}",
    State.DOCUMENTS_ELSEWHERE: "{corpus} is not there, and need not be: the index is built on another machine",
    State.NOT_WRITABLE: "{folder} cannot be written: change its owner, or set FOOTNOTE_DATA",
    State.FREE_SPACE: "{data}, {gigabytes:,.1f} GB free",
    State.NO_INDEX: "none yet: the first question builds it, and so does `footnote refresh`",
    State.WHOLE_INDEX: (
        "generation {generation}, {age} old, {documents:,} documents, {passages:,} passages, "
        "every file as its checksum says"
    ),
    State.NOTHING_PUBLISHED: "none in {url} yet: `footnote refresh` publishes one",
    State.PUBLISHED: "generation {generation} in {url}, {megabytes:,.1f} MB",
    State.VECTORS_ELSEWHERE: (
        "CHROMA_URL is not set and the vectors are on a server, so words alone are searched: set it, or run "
        "`footnote refresh` to have them here"
    ),
    State.VECTORS_HERE: "{url} answers; the vectors are in the data folder still: `footnote refresh` moves them",
    State.CHROMA: "{url}, {passages:,} passages, which find themselves",
    State.SOUND_DATABASES: "the answers given and the cache of vectors are sound",
    State.DAMAGED_DATABASE: "{file} cannot be used ({reason}): {remedy}",
    State.ALL_READ: "none: everything that the last refresh found was read",
    State.UNREAD: "{count} (footnote sources --failed lists all): {unread}",
    State.OCR_OFF: "off: scans are reported, not read; FOOTNOTE_OCR is not set",
    State.OCR_MISSING: "FOOTNOTE_OCR is on, and tesseract is not on the PATH: install it, or set FOOTNOTE_OCR=false",
    State.OCR: "scans are read through {tool}",
    State.EMBEDDING_MODEL: "{model}, {weights}, float32 in {runtime}, reads {window} tokens{dimensions}{prompts}",
    State.LANGUAGES: "{languages}",
    State.UNREAD_LANGUAGES: (
        "documents in {languages} are found by their words alone: {model} does not know the language; "
        "set EMBEDDING_MODEL to one that does"
    ),
    State.UNMEASURED: "answers from {threshold:.2f} up, fitted on {model}; its errors were not measured",
    State.MEASURED: "answers from {threshold:.2f} up, fitted on {model}; {errors}",
    State.QUOTES_ALONE: "quotes alone; CHAT_MODEL is not set",
    State.CHAT_MODEL: "{model} of {provider}, at {host}, {seconds} s for a question",
    State.NOT_SET: "none; {variable} is not set",
    State.VERIFIER: "{model}, weights in safetensors, {labels}",
    State.RERANKER: "{model}, weights in safetensors, {labels}, {seconds:g} s a search",
    State.NO_READER: "none: answers are judged by their words and their nearness",
    State.READER: "{model}, weights in safetensors, calibrated, {seconds:g} s a question",
    State.UNCALIBRATED_READER: (
        "{model}, weights in safetensors, {seconds:g} s a question; it points at answers, and how sure that is "
        "is judged without it: nothing was fitted for it"
    ),
    State.FITTED_ON_ANOTHER: (
        "answers from {threshold:.2f} up, which was fitted on {fitted}, and {model} is used uncalibrated: "
        "fit it on questions of your own (footnote calibrate)"
    ),
    State.CALIBRATED: (
        "answers from {threshold:.2f} up, fitted on {questions:,} questions of your own with {model}: of those that "
        "the documents answer {answered:.0%} are answered, of the others {others_answered:.0%}, "
        "calibration error {error:.3f}"
    ),
    State.NO_JUDGE: "none is needed: {reason}",
    State.JUDGE: "the chat model, which was right on {right} of {pairs} known pairs; paraphrases are let through",
    State.UNFIT_JUDGE: "none: the chat model was right on only {right} of {pairs} known pairs; paraphrases are dropped",
    State.SILENT_JUDGE: "none: the chat model {reason}; paraphrases are dropped",
    State.NO_CHANNELS: (
        "none is indexed; /index add would need the Message Content Intent, switched on in the developer portal, and "
        "FOOTNOTE_DISCORD_MESSAGE_CONTENT=true"
    ),
    State.CHANNELS: "{channels} of Discord are indexed and followed",
    State.UNREAD_CHANNELS: "{channels} of Discord are indexed; {problems}",
    State.UNHEARD_CHANNELS: (
        "{channels} of Discord are indexed, and nothing new is read in them: switch on the Message Content Intent in "
        "the developer portal, and set FOOTNOTE_DISCORD_MESSAGE_CONTENT=true"
    ),
    State.NO_TOKEN: "no DISCORD_TOKEN; the terminal needs none",
    State.DISCORD: "{findings}",
}


def in_english(check: Check) -> str:
    """Return in one line the state that was found, and what is to be done about it."""
    return _ENGLISH[check.state].format(**{name: _in_words(name, fact) for name, fact in check.data.items()})


def _in_words(name: str, fact: Any) -> object:
    match name:
        case "age":
            return ages.age(fact)
        case "dimensions":
            return f", {fact} dimensions" if fact else ""
        case "prompts":
            return f", with the prompts of {fact}" if fact else ""
        case "weights":
            return "the published weights" if fact == "published" else "weights in safetensors"
        case "languages":
            return ", ".join(fact) or "none yet"
        case "labels":
            return f"tells {', '.join(fact)} apart" if len(fact) > 1 else "one score"
        case "host":
            return fact or "its own address"
        case "unread":
            return "; ".join(f"{failure.source}: {failure.reason}" for failure in fact)
        case "errors":
            return "; ".join(f"{error} {share:.1%}" for error, share in fact.items())
        case "problems":
            return "; ".join(f"#{name}: {problem}" for name, problem in fact)
        case "findings":
            return "; ".join(f"{seen}: {detail}" for seen, detail in fact)
    return fact
