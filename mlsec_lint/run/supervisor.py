"""Spreads files over worker processes: one file in flight per process, so that a crash or a time-out costs one file.

`concurrent.futures.ProcessPoolExecutor` loses every file in flight when one process dies.
"""

from __future__ import annotations

import pickle
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from mlsec_lint.findings import FileResult
from mlsec_lint.run.bounds import Bounds
from mlsec_lint.run.deep_stack import MEMORY, WATCH
from mlsec_lint.run.process import WorkerProcess, command
from mlsec_lint.run.stretches import Stretches
from mlsec_lint.run.task import REPORT_IT, StartError, Task, lost


class Supervisor:
    """Runs the tasks of one run."""

    def __init__(self, setup: object, jobs: int, bounds: Bounds, program: Sequence[str] | None = None) -> None:
        """Prepare `jobs` processes, which get `setup` first."""
        self._setup = pickle.dumps((bounds.memory, setup), pickle.HIGHEST_PROTOCOL)
        self._jobs = jobs
        self._bounds = bounds
        self._program = program or command()
        self._done: queue.SimpleQueue[tuple[int, FileResult]] = queue.SimpleQueue()
        self._workers: dict[int, WorkerProcess] = {}
        self._paths: dict[str, str] = {}
        self._failures: list[StartError] = []
        self._stopped = threading.Event()
        self._starting = threading.Lock()

    def run(self, tasks: Sequence[Task], progress: Callable[[int], None] | None = None) -> list[FileResult | None]:
        """The results in the order of the tasks; None for a file that an interrupt left undone.

        Raises StartError when no process starts.
        """
        results: list[FileResult | None] = [None] * len(tasks)
        todo = Stretches(tasks, self._jobs)
        seats = [threading.Thread(target=self._work, args=(seat, todo), daemon=True) for seat in range(self._jobs)]
        try:
            for seat in seats[: len(tasks)]:
                seat.start()
            self._collect(results, tasks, seats, progress)
        except KeyboardInterrupt:
            while not self._done.empty():
                index, result = self._done.get()
                results[index] = result
        finally:
            self._stop(seats)
        return results

    def _work(self, seat: int, todo: Stretches) -> None:
        """One thread, one process at a time: waiting for pipes this way works on every system."""
        while not self._stopped.is_set():
            item = todo.take(seat)
            if item is None:
                return
            index, task = item
            try:
                result = self._checked(seat, task)
            except StartError as error:
                if self._stopped.is_set():
                    return
                self._failures.append(error)
                todo.give_back(item)
                return
            if not self._stopped.is_set():  # a process that we have killed ourselves is no crash
                self._done.put((index, self._sharing(result)))

    def _sharing(self, result: FileResult) -> FileResult:
        """The result with the paths that others have named before: each file of a project may rest on a thousand others."""
        return replace(result, reads=tuple([self._paths.setdefault(path, path) for path in result.reads]))

    def _checked(self, seat: int, task: Task) -> FileResult:
        """The result of a file; one that finds too little memory gets a process of its own, in which nothing else is."""
        worker = self._worker(seat)
        had_others = not worker.is_fresh
        result = worker.check(task, self._bounds)
        if any(problem.kind == MEMORY for problem in result.problems) and not self._stopped.is_set():
            worker.kill()
            return self._worker(seat).check(task, self._bounds) if had_others else result
        return result

    def _worker(self, seat: int) -> WorkerProcess:
        """The process of a seat; a new one for one that is gone."""
        worker = self._workers.get(seat)
        if worker is not None and worker.is_alive():
            return worker
        if worker is not None:
            worker.close()
        with self._starting:
            if self._stopped.is_set():
                raise StartError("the run has ended")
            self._workers[seat] = worker = WorkerProcess(self._program)
        worker.begin(self._setup)
        return worker

    def _collect(
        self,
        results: list[FileResult | None],
        tasks: Sequence[Task],
        seats: Sequence[threading.Thread],
        progress: Callable[[int], None] | None,
    ) -> None:
        done = 0
        while done < len(tasks):
            for worker in tuple(self._workers.values()):
                worker.keep_in_bounds()
            working = any(seat.is_alive() for seat in seats)
            try:
                index, result = self._done.get(timeout=WATCH)
            except queue.Empty:
                if working:
                    continue
                self._give_up(results, tasks)
                return
            results[index] = result
            done += 1
            if progress is not None:
                progress(done)

    def _give_up(self, results: list[FileResult | None], tasks: Sequence[Task]) -> None:
        """No process can be started any more: the rest is not analysed."""
        reason = self._failures[-1] if self._failures else StartError("the supervisor's threads ended")
        if not any(results):
            raise reason
        for index, task in enumerate(tasks):
            results[index] = results[index] or lost(task, "crash", str(reason), REPORT_IT)

    def _stop(self, seats: Sequence[threading.Thread]) -> None:
        with self._starting:  # a process that starts just now is one that we know
            self._stopped.set()
        busy = any(seat.is_alive() for seat in seats)
        for worker in tuple(self._workers.values()):
            if busy:
                worker.kill()
        for worker in tuple(self._workers.values()):
            worker.close()
