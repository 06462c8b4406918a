"""Published generations: a builder puts them into an object store, and any number of readers takes them from there.

In the store lie `publications/00000012.json`, of which the highest is the one in use, and below `generations/` the
files that were new with each publication. Nothing is ever written twice. A publication is written last, under the
number after the one that it was made upon, by a write that only the first one wins: so readers see a whole generation
or none, and of two builders one is told that the other was faster.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from functools import cached_property
from threading import Lock
from time import monotonic

from index.errors import FootnoteError, IndexDamaged, PublishedMeanwhile, StoreUnavailable, WriterBusy
from index.publishing.download import Download, is_file
from index.publishing.object_store import ObjectStore
from index.publishing.publication import MANIFEST, Publication, number_in, read_publication
from index.publishing.upload import Upload
from index.report import Progress
from index.store.data_folder import DataFolder

log = logging.getLogger(__name__)

_PUBLICATIONS, _GENERATIONS = "publications", "generations"
# As a data folder keeps, and one more for whoever is slow to download.
_KEPT = 3
# Seconds after which a publication that is not whole is attempted again.
_BETWEEN_ATTEMPTS = 60.0


class PublishedGenerations:
    """The generations in a store, which `open_store` opens when it is first needed. Any thread may call any method."""

    def __init__(self, open_store: Callable[[], ObjectStore], clock: Callable[[], float] = monotonic) -> None:
        self._open_store = open_store
        self._clock = clock
        self._working = Lock()
        # The publication that the data folder holds, and the one that it was last compared with; 0 for none.
        self._held = self._seen = 0
        self._failed: tuple[int, float, IndexDamaged] | None = None
        self._problem: str | None = None

    @property
    def problem(self) -> str | None:
        """What kept the last `follow` from doing what it is there for, None where nothing did."""
        return self._problem

    def follow(self, data: DataFolder) -> None:
        """Do what `pull` does, for those who only read: what goes wrong is logged, once, and is the `problem`."""
        try:
            self.pull(data)
        except WriterBusy:
            # Whoever is at work there, on this machine, takes over what is published.
            return
        except (FootnoteError, OSError) as error:
            if self._problem != str(error):
                log.warning("%s: until then what is here is served", error)
            self._problem = str(error)
            return
        if self._problem:
            log.info("%s is followed again", self._store.url)
        self._problem = None

    def latest(self) -> Publication | None:
        """Return the publication that is in use, None where nothing was ever published.

        Raises StoreUnavailable, and IndexDamaged where it cannot be read.
        """
        number = self._latest()
        return self._read(number) if number else None

    def pull(self, data: DataFolder) -> bool:
        """Make the generation that is published the one in use, downloading what is lacking; return whether it was not.

        Raises StoreUnavailable, WriterBusy, DiskFull, and IndexDamaged where what is published is not whole, or clashes
        with what is here. Whatever is raised, the generation in use stays. What is not whole is attempted again after a
        minute, and what could be downloaded of it is kept until then.
        """
        with self._working:
            number = self._latest()
            if number == self._held:
                return False
            if self._failed and self._failed[0] == number and self._clock() < self._failed[1]:
                raise self._failed[2]
            try:
                was_new = self._take_over(self._read(number), data)
            except IndexDamaged as error:
                self._seen = number
                self._failed = number, self._clock() + _BETWEEN_ATTEMPTS, error
                raise
            self._held = self._seen = number
            return was_new

    def push(self, data: DataFolder, generation: int, progress: Callable[[Progress], None] = lambda _: None) -> None:
        """Publish a generation, and where it is held back in the data folder, make it the one in use there too.

        What the store has already is not sent again. Where it is published already, what the store lacks of it is sent.

        Args:
            data: The data folder, after a `pull` of what the generation was built upon.
            generation: The number of the generation, which is held back, or in use.
            progress: Is told how many files were sent.

        Raises:
            StoreUnavailable: The store cannot be reached or refuses. Nothing has changed for those who read.
            PublishedMeanwhile: Another builder was faster.
            WriterBusy: Another process holds the lock of the data folder.
            IndexDamaged: The generation is gone, or not whole.

        """
        with self._working, data.lock():
            number = self._latest()
            if number != self._seen:
                raise self._was_faster()
            kept = self._kept()
            held = data.held(generation)
            folder = held if held.exists() else data.generation(generation)
            upload = Upload(self._store, folder, self._store.sizes(_GENERATIONS), progress)
            if kept and kept[0].number == number and kept[0].manifest.sha256 == upload.manifest:
                upload.complete(kept[0])
            else:
                number += 1
                self._publish(upload.send(number, generation, kept))
            self._held = self._seen = number
            if folder == held:
                data.publish(held, generation)
                data.let_go()
            data.sweep()
        self._sweep(number)

    @cached_property
    def _store(self) -> ObjectStore:
        return self._open_store()

    def _numbers(self) -> list[int]:
        """Return the numbers of the publications, the latest first."""
        names = (name.removesuffix(".json") for name in self._store.names(_PUBLICATIONS))
        return sorted((int(name) for name in names if name.isdecimal()), reverse=True)

    def _latest(self) -> int:
        """Return the number of the publication that is in use, 0 where nothing was ever published."""
        return next(iter(self._numbers()), 0)

    def _read(self, number: int) -> Publication:
        try:
            return read_publication(number, self._store.read(_key(number)))
        except FileNotFoundError as error:
            raise IndexDamaged(f"publication {number} is gone from {self._store.url}: publish anew") from error

    def _kept(self) -> list[Publication]:
        """Return the publications that are kept and can be read, newest first."""
        kept = []
        for number in self._numbers()[:_KEPT]:
            try:
                kept.append(self._read(number))
            except IndexDamaged as error:
                log.warning("%s", error)
        return kept

    def _take_over(self, publication: Publication, data: DataFolder) -> bool:
        number = publication.generation
        target = data.generation(number)
        is_here = is_file(target / MANIFEST, publication.manifest)
        if is_here and data.current() == number:
            return False
        with data.lock():
            if is_here:
                data.point_to(number)
            elif target.exists():
                raise IndexDamaged(
                    f"{target} is another generation than the one of that number in {self._store.url}: delete it, or"
                    " use another FOOTNOTE_DATA"
                )
            else:
                folder = data.incoming / publication.manifest.sha256
                Download(self._store, publication, folder).run(data)
                data.publish(folder, number)
            shutil.rmtree(data.incoming, ignore_errors=True)
            data.let_go()
            data.sweep()
        log.info("generation %d was taken over from %s", number, self._store.url)
        return True

    def _publish(self, publication: Publication) -> None:
        """Write a publication down. Raises PublishedMeanwhile where another one has its number, or a later one."""
        is_first = self._store.create(_key(publication.number), publication.to_bytes())
        # Whoever is so slow that its number was deleted since finds it free.
        if not is_first or self._latest() != publication.number:
            raise self._was_faster()
        log.info("generation %d was published to %s", publication.generation, self._store.url)

    def _was_faster(self) -> PublishedMeanwhile:
        return PublishedMeanwhile(f"another builder has published to {self._store.url} meanwhile: try again")

    def _sweep(self, latest: int) -> None:
        """Delete the publications that are not kept, and the files that none that is kept needs.

        Files that came with a later number than the latest are another builder's, who is about to publish: they stay.
        Of the others, what is not needed never will be: whoever sent it was told that another was faster.
        """
        try:
            numbers = self._numbers()
            needed = {file.key for number in numbers[:_KEPT] for file in self._read(number).files.values()}
            for number in numbers[_KEPT:]:
                self._store.delete(_key(number))
            for key in self._store.sizes(_GENERATIONS).keys() - needed:
                if (number_in(key) or 0) <= latest:
                    self._store.delete(key)
        except (StoreUnavailable, IndexDamaged) as error:
            log.warning("what nobody needs any more was not deleted: %s", error)


def _key(number: int) -> str:
    return f"{_PUBLICATIONS}/{number:08d}.json"
