"""Executes one notebook with the kernel `tslab` and says what happens as JSON lines on stdout.

The executed copy is saved after every cell, also when one fails. Whoever started this closes our stdin to stop it.
Events: started, kernel, cell, done, failed, timeout, stopped, crashed, finished.
"""

import argparse
import asyncio
import json
import os
import sys
import threading
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError


class Runner:
    """One execution of one notebook."""

    def __init__(self, source, target, timeout, events):
        self.target = target
        self.timeout = timeout
        self.events = events
        self.notebook = nbformat.read(source, as_version=4)
        self.of = sum(1 for cell in self.notebook.cells if is_run(cell))
        self.count = 0
        self.cell = None
        self.outcome = None
        clear(self.notebook)
        self.client = NotebookClient(
            self.notebook,
            kernel_name="tslab",
            timeout=None,
            startup_timeout=120,
            record_timing=False,
            coalesce_streams=True,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(source.parent)}},
            on_cell_execute=self.on_cell_execute,
            on_cell_executed=self.on_cell_executed,
        )

    def emit(self, event, **fields):
        self.events.write(json.dumps({"event": event, **fields}) + "\n")
        self.events.flush()

    def save(self):
        """The copy as it is now, whole or not at all."""
        self.target.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.target.with_name(self.target.name + ".new")
        nbformat.write(self.notebook, str(temporary))
        os.replace(temporary, self.target)

    def on_cell_execute(self, cell, cell_index):
        if self.count == 0 and self.client.km is not None:
            self.emit("kernel", pid=getattr(self.client.km.provisioner, "pid", None))
        self.count += 1
        self.cell = cell
        self.emit("cell", cell=self.count, of=self.of)

    def on_cell_executed(self, cell, cell_index, execute_reply):
        self.save()
        if execute_reply["content"]["status"] != "error":
            self.emit("done", cell=self.count, of=self.of)

    def fail(self, name, message, traceback=()):
        source = "" if self.cell is None else self.cell.source
        self.emit(
            "failed",
            cell=self.count or None,
            name=name,
            message=message,
            traceback=list(traceback),
            source=source,
        )

    def fail_cell(self, error):
        """The cell's error output, which names the TypeScript line; what it printed where a kernel sends none."""
        outputs = [out for out in self.cell.outputs if out.output_type == "error"]
        if outputs:
            self.fail(outputs[-1].ename, outputs[-1].evalue, outputs[-1].traceback)
            return
        printed = [out.text for out in self.cell.outputs if out.get("name") == "stderr"]
        name = getattr(error, "ename", "") or "Error"
        message = getattr(error, "evalue", "") or "".join(printed).strip() or str(error)
        self.cell.outputs.append(
            nbformat.v4.new_output("error", ename=name, evalue=message, traceback=[message])
        )
        self.fail(name, message)

    async def execute(self):
        task = asyncio.ensure_future(self.client.async_execute())
        stop_when_stdin_closes(asyncio.get_running_loop(), lambda: self.cancel(task, "stopped"))
        if self.timeout is not None:
            asyncio.get_running_loop().call_later(self.timeout, self.cancel, task, "timeout")
        try:
            await task
        except CellControlSignal as error:
            if self.outcome is None:
                self.outcome = "failed"
                self.fail_cell(error)
        except (asyncio.CancelledError, DeadKernelError):
            # A cancelled execution looks like a dead kernel to nbclient.
            if self.outcome is None:
                self.outcome = "failed"
                self.fail("KernelDied", "the kernel's process ended: process.exit, out of memory, or a native crash")
        finally:
            await self.end_kernel()
        if self.outcome in ("timeout", "stopped"):
            self.emit(self.outcome, cell=self.count or None, source=self.cell.source if self.cell else "")
        coalesce(self.cell)
        self.save()
        self.emit("finished", ok=self.outcome is None)
        return 0 if self.outcome is None else 1

    async def end_kernel(self):
        """nbclient ends its kernel, but not one that is stopped while it starts."""
        manager = self.client.km
        if manager is not None and manager.has_kernel:
            await manager.shutdown_kernel(now=True)

    def cancel(self, task, outcome):
        if not task.done():
            self.outcome = outcome
            task.cancel()


def is_run(cell):
    return cell.cell_type == "code" and cell.source.strip() != ""


def clear(notebook):
    """No outputs, counts or timings of an earlier run."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None


def coalesce(cell):
    """Merges neighbouring prints of a cell that did not come to its end, as nbclient does for the others."""
    merged = []
    for output in cell.outputs if cell is not None else []:
        last = merged[-1] if merged else None
        if last is not None and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            merged.append(output)
    if cell is not None:
        cell.outputs = merged


def stop_when_stdin_closes(loop, stop):
    """Also where our starter was killed: no kernel is left behind."""

    def watch():
        sys.stdin.buffer.read()
        loop.call_soon_threadsafe(stop)

    threading.Thread(target=watch, daemon=True).start()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--timeout", type=float, default=None, help="seconds for the whole notebook")
    args = parser.parse_args()
    # The kernel inherits stdout: what it prints natively goes to stderr, the events keep a pipe of their own.
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        runner = Runner(args.source.resolve(), args.target.resolve(), args.timeout, events)
        runner.emit("started", of=runner.of)
        code = asyncio.run(runner.execute())
    except Exception as error:  # whatever it is, the starter hears of it
        events.write(json.dumps({"event": "crashed", "name": type(error).__name__, "message": str(error)}) + "\n")
        events.flush()
        code = 1
    os._exit(code)  # the thread that waits on stdin never ends


if __name__ == "__main__":
    main()
