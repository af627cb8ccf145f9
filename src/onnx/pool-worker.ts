// Entry of a pool thread: imports the module that a task names, calls its function, answers with the result.
import { parentPort, workerData } from "node:worker_threads";
import { passThrough } from "./native-gate.js";
import { packError, type ResultMessage, type TaskMessage } from "./pool-messages.js";

type TaskFunction = (args: unknown) => unknown;

passThrough((workerData as { gate: SharedArrayBuffer }).gate);

const modules = new Map<string, Record<string, unknown>>();

/** Every `import()` leaves some bytes behind until the next full collection, which an idle heap puts off: import once. */
async function exportsOf(module: string): Promise<Record<string, unknown>> {
  const known = modules.get(module) ?? ((await import(module)) as Record<string, unknown>);
  modules.set(module, known);
  return known;
}

async function perform({ module, name, args }: TaskMessage): Promise<unknown> {
  const task = (await exportsOf(module))[name];
  if (typeof task !== "function") throw new TypeError(`${module} exports no function named "${name}"`);
  return await (task as TaskFunction)(args);
}

type View = Exclude<ArrayBufferView, DataView> & { readonly buffer: ArrayBuffer; slice(): View };

function isView(value: unknown): value is View {
  return (
    ArrayBuffer.isView(value) && !(value instanceof DataView) && !(value.buffer instanceof SharedArrayBuffer)
  );
}

/** A view that covers only a part of its buffer would drag the whole buffer along. */
function own(value: unknown): unknown {
  return isView(value) && value.byteLength < value.buffer.byteLength ? value.slice() : value;
}

function packResult(value: unknown): { value: unknown; transfer: ArrayBuffer[] } {
  let packed: unknown = own(value);
  if (Array.isArray(value)) packed = value.map(own);
  else if (isPlain(value)) packed = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, own(v)]));
  const members: unknown[] = Array.isArray(packed)
    ? packed
    : isPlain(packed)
      ? Object.values(packed)
      : [packed];
  return { value: packed, transfer: [...new Set(members.filter(isView).map((view) => view.buffer))] };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function answer(message: ResultMessage, transfer: ArrayBuffer[]): void {
  try {
    parentPort?.postMessage(message, transfer);
  } catch (error) {
    // Memory that belongs to a native library cannot change hands: copy it instead.
    if (transfer.length > 0) answer(message, []);
    else parentPort?.postMessage({ ok: false, error: packError(error) } satisfies ResultMessage);
  }
}

parentPort?.on("message", (task: TaskMessage) => {
  perform(task).then(
    (result) => {
      const { value, transfer } = packResult(result);
      answer({ ok: true, value }, transfer);
    },
    (error: unknown) => answer({ ok: false, error: packError(error) }, []),
  );
});
