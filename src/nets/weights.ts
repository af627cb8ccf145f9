import { ArgumentError } from "../core/errors.js";
import { readSafetensors, writeSafetensors } from "../store/index.js";
import { pack, views, type NamedArrays, type Parametrised } from "./params.js";

/**
 * Write parameters to a safetensors file, each array under its name with its shape.
 * @param metadata texts about them, such as what they were trained on
 * @throws ArgumentError where the vector has another length; FileError where the file cannot be written
 */
export async function saveParams(
  path: string,
  net: Parametrised,
  params: Float32Array,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeSafetensors(path, views(net.spec, params), metadata);
}

/**
 * Parameters of a net from a safetensors file.
 * @throws FileError where it cannot be read; CorruptFileError where it is damaged; ArgumentError where it holds those of another net
 */
export async function loadParams(path: string, net: Parametrised): Promise<Float32Array> {
  const { tensors } = await readSafetensors(path);
  const entries = Object.entries(tensors).map(([name, { data, shape }]) => {
    if (!(data instanceof Float32Array)) throw new ArgumentError(`${path}: ${name}`, data, "a float32 array");
    return [name, { data, shape }] as const;
  });
  return pack(net.spec, Object.fromEntries(entries) satisfies NamedArrays);
}
