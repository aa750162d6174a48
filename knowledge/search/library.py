"""Keep an index in step with the files of a library, reading only what changed.

    index, report = refresh(folder, segmenter, {"办法.md": path, …}, parse)

A lot of new text is parsed and cut by two processes while this one writes; a little is done here.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import IndexStateError, KnowledgeError
from knowledge.index import SearchIndex
from knowledge.search.records import Stamp
from knowledge.search.schema import EncodedUnit, Unit, encode
from knowledge.text import Segmenter

try:
    import fcntl
except ImportError:  # not on Windows; there a second process must be started later
    fcntl = None  # type: ignore[assignment]

Parse = Callable[[str, Path], Sequence[Unit]]
"""From a file's path below the library and its place on disk to its units; KnowledgeError if bad."""

_PARALLEL_FROM_BYTES = 2_000_000  # below, starting processes costs more than it saves
_PROGRESS_FROM_BYTES = 5_000_000  # about two seconds of work
_BATCH_BYTES = 300_000


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What `refresh` did. `failed` are files that cannot be read, with the reason; not indexed."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]
    failed: dict[str, str]
    rebuilt: str = ""  # why all of it was built anew; "" when it was not


@dataclass(frozen=True, slots=True)
class _Task:
    source: str
    path: Path
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class _Done:
    source: str
    stamp: Stamp
    units: list[EncodedUnit]
    failure: str = ""


def refresh(
    folder: Path,
    segmenter: Segmenter,
    files: Mapping[str, Path],
    parse: Parse,
    progress: bool | None = None,
) -> tuple[SearchIndex, Refreshed]:
    """Open the index in `folder`, or build it, and bring it up to date with `files`.

    An index that is missing, damaged, or made by another version or with other words is built
    anew. A file counts as unchanged when size and time are the same, or else its hash.

    Args:
        files: path below the library → place on disk.
        progress: show a bar on stderr; None shows it on a terminal when there is much to do.
    """
    with _alone(folder):
        return _refreshed(folder, segmenter, files, parse, progress)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time: a second one waits and then finds the work done."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _refreshed(
    folder: Path,
    segmenter: Segmenter,
    files: Mapping[str, Path],
    parse: Parse,
    progress: bool | None,
) -> tuple[SearchIndex, Refreshed]:
    index, rebuilt = _opened_or_new(folder, segmenter)
    known = index.stamps()
    removed = tuple(sorted(known.keys() - files.keys()))
    tasks, failed = _changed(files, known)
    if tasks or removed:
        with _progress_bar(tasks, progress) as advance:
            done = _counted(_parsed(tasks, parse, segmenter), advance, failed)
            index.write(((d.source, d.stamp, d.units) for d in done), removed)
    return index, Refreshed(tuple(t.source for t in tasks), removed, failed, rebuilt)


def _opened_or_new(folder: Path, segmenter: Segmenter) -> tuple[SearchIndex, str]:
    try:
        return SearchIndex.open(folder, segmenter), ""
    except IndexStateError as error:
        return SearchIndex.create(folder, segmenter), str(error)


def _changed(files: Mapping[str, Path], known: Mapping[str, Stamp]) -> tuple[list[_Task], dict[str, str]]:
    tasks: list[_Task] = []
    failed: dict[str, str] = {}
    for source, path in files.items():
        try:
            stamp = _stamp(path, known.get(source))
        except OSError as error:
            failed[source] = f"{source}: {error.strerror}; check that the file can be read"
            continue
        if stamp != known.get(source):
            tasks.append(_Task(source, path, stamp))
    return tasks, failed


def _stamp(path: Path, before: Stamp | None) -> Stamp:
    """The state of a file; `before` when it is the same file, hashed only if its time changed."""
    state = path.stat()
    if before and (state.st_size, state.st_mtime_ns) == (before.size, before.mtime_ns):
        return before
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if before and digest == before.sha256:
        return before
    return Stamp(state.st_size, state.st_mtime_ns, digest)


# --- parsing and cutting, here or in two processes ------------------------------------------


def _parsed(tasks: Sequence[_Task], parse: Parse, segmenter: Segmenter) -> Iterator[_Done]:
    if sum(task.stamp.size for task in tasks) < _PARALLEL_FROM_BYTES or not _can_fork():
        work = _Work(parse, lambda text: " ".join(segmenter.cut(text)))
        yield from map(work.do, tasks)
        return
    # Made before forking, so that both processes share one dictionary.
    work = _Work(parse, _bulk_cutter(segmenter))
    context = multiprocessing.get_context("fork")
    with context.Pool(2, initializer=_adopt, initargs=(work,)) as pool:
        for batch in pool.imap_unordered(_do_batch, list(_batches(tasks))):
            yield from batch


def _bulk_cutter(segmenter: Segmenter) -> Callable[[str], str]:
    from knowledge.search.cutting import BulkCutter  # imports jieba, which takes 0.3 s

    return BulkCutter(segmenter.tokenizer).words


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


@dataclass(frozen=True, slots=True)
class _Work:
    parse: Parse
    words_of: Callable[[str], str]

    def do(self, task: _Task) -> _Done:
        try:
            units = [encode(unit, self.words_of) for unit in self.parse(task.source, task.path)]
        except KnowledgeError as error:
            return _Done(task.source, task.stamp, [], str(error))
        return _Done(task.source, task.stamp, units)


_adopted: list[_Work] = []  # in a child process only: what it inherited, which cannot be pickled


def _adopt(work: _Work) -> None:
    _adopted[:] = [work]


def _do_batch(tasks: Sequence[_Task]) -> list[_Done]:
    return [_adopted[0].do(task) for task in tasks]


def _batches(tasks: Sequence[_Task]) -> Iterator[list[_Task]]:
    """Largest files first, so that neither process is left with a long one at the end."""
    batch: list[_Task] = []
    for task in sorted(tasks, key=lambda t: -t.stamp.size):
        batch.append(task)
        if sum(t.stamp.size for t in batch) >= _BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch


# --- progress -------------------------------------------------------------------------------


def _counted(
    done: Iterable[_Done], advance: Callable[[int], object], failed: dict[str, str]
) -> Iterator[_Done]:
    """Pass on what was parsed; note failures and keep them out, to be tried again next time."""
    for one in done:
        advance(one.stamp.size)
        if one.failure:
            failed[one.source] = one.failure
        else:
            yield one


@contextmanager
def _progress_bar(tasks: Sequence[_Task], wanted: bool | None) -> Iterator[Callable[[int], object]]:
    size = sum(task.stamp.size for task in tasks)
    if wanted is None:
        wanted = size >= _PROGRESS_FROM_BYTES and os.isatty(2)
    if not wanted:
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=size, unit="B", unit_scale=True, desc="index", file=sys.stderr) as bar:
        yield bar.update
