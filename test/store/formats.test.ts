import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  CorruptFileError,
  decodeNpy,
  decodeSafetensors,
  encodeNpy,
  encodeSafetensors,
  formatCsv,
  parseCsv,
  readCsv,
  readNpy,
  readSafetensors,
  writeCsv,
  writeNpy,
  writeSafetensors,
  type NumberArray,
} from "../../src/store/index.js";
import { temporaryFolder } from "./folder.js";

const folder = temporaryFolder();
const ARRAYS: NumberArray[] = [
  Float64Array.of(1, NaN, -0, 5e-324, Infinity, 0.1),
  Float32Array.of(1, 2, 3, 4, 5, 6),
  Int32Array.of(-1, 2, 3, 4, 5, -(2 ** 31)),
  Uint32Array.of(1, 2, 3, 4, 5, 2 ** 32 - 1),
  Int16Array.of(-1, 2, 3, 4, 5, 6),
  Uint16Array.of(1, 2, 3, 4, 5, 65535),
  Int8Array.of(-1, 2, 3, 4, 5, 6),
  Uint8Array.of(1, 2, 3, 4, 5, 255),
  BigInt64Array.of(-1n, 2n, 3n, 4n, 5n, 6n),
  BigUint64Array.of(1n, 2n, 3n, 4n, 5n, 6n),
];

describe("safetensors", () => {
  it("returns every kind of array with its shape, and the metadata", async () => {
    const tensors = Object.fromEntries(
      ARRAYS.map((data, i) => [`layer.${i}`, { data, shape: i % 2 ? [2, 3] : [6] }]),
    );
    const path = join(folder, "a.safetensors");
    await writeSafetensors(path, tensors, { step: "3" });
    expect(await readSafetensors(path)).toEqual({ tensors, metadata: { step: "3" } });
    const bytes = encodeSafetensors(tensors);
    const unaligned = new Uint8Array(bytes.length + 1).subarray(1);
    unaligned.set(bytes);
    expect(decodeSafetensors(unaligned).tensors).toEqual(tensors);
  });

  it("holds scalars, empty arrays, and nothing", () => {
    const tensors = {
      scalar: { data: Float64Array.of(7), shape: [] },
      empty: { data: new Float32Array(0), shape: [0, 3] },
    };
    expect(decodeSafetensors(encodeSafetensors(tensors)).tensors).toEqual(tensors);
    expect(decodeSafetensors(encodeSafetensors({}))).toEqual({ tensors: {}, metadata: {} });
  });

  it("writes the documented bytes", () => {
    const bytes = encodeSafetensors({ w: { data: Float32Array.of(1, -2), shape: [2] } });
    const header = '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  ';
    const expected = Buffer.concat([
      Buffer.of(56, 0, 0, 0, 0, 0, 0, 0),
      Buffer.from(header),
      Buffer.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0),
    ]);
    expect(Buffer.from(bytes).equals(expected)).toBe(true);
  });

  it("writes equal bytes for equal contents, and aligns every array", () => {
    const [a, b] = [
      { data: Uint8Array.of(1), shape: [1] },
      { data: Float64Array.of(2), shape: [1] },
    ];
    expect(encodeSafetensors({ a, b })).toEqual(encodeSafetensors({ b, a }));
    const text = Buffer.from(encodeSafetensors({ a, b })).toString("latin1");
    expect(text).toContain('"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}');
  });

  const file = (header: object | string, body: number): Uint8Array => {
    const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([length, text, Buffer.alloc(body)]);
  };
  const entry = (dtype: string, shape: unknown, start: number, stop: number): object => ({
    dtype,
    shape,
    data_offsets: [start, stop],
  });
  it.each([
    ["a length beyond the end", file("{}", 0).subarray(0, 9), "shorter than its header"],
    ["no length at all", Uint8Array.of(1, 2), "shorter than its header"],
    ["an absurd length", new Uint8Array(16).fill(255), "shorter than its header"],
    ["no JSON", file("{nonsense", 0), "header is not JSON"],
    ["a list", file("5", 0), "header is not JSON"],
    ["an unknown type", file({ a: entry("F8", [1], 0, 1) }, 1), 'tensor "a" has the unknown type F8'],
    ["a shape that does not fit", file({ a: entry("F64", [2], 0, 8) }, 8), "which do not fit shape [2]"],
    ["a negative shape", file({ a: entry("U8", [-1], 0, 1) }, 1), "no valid shape"],
    ["no offsets", file({ a: { dtype: "U8", shape: [1] } }, 1), "no valid shape"],
    ["a null entry", file({ a: null }, 0), "unknown type undefined"],
    ["a gap", file({ a: entry("U8", [1], 1, 2) }, 2), "starts at byte 1, expected 0"],
    [
      "an overlap",
      file({ a: entry("U8", [2], 0, 2), b: entry("U8", [2], 1, 3) }, 3),
      "starts at byte 1, expected 2",
    ],
    ["bytes too many", file({ a: entry("U8", [1], 0, 1) }, 2), "holds 2 bytes of arrays, expected 1"],
    ["bytes too few", file({ a: entry("U8", [4], 0, 4) }, 3), "holds 3 bytes of arrays, expected 4"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, "x.safetensors")).toThrow(CorruptFileError);
    expect(() => decodeSafetensors(bytes, "x.safetensors")).toThrow(/^x\.safetensors: /);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  it("refuses to write what does not fit", () => {
    expect(() => encodeSafetensors({ a: { data: Float64Array.of(1, 2), shape: [3] } })).toThrow(
      /^tensors\.a: expected 3 entries/,
    );
    expect(() => encodeSafetensors({ __metadata__: { data: Float64Array.of(1), shape: [1] } })).toThrow(
      /^tensors: /,
    );
  });
});

describe("npy", () => {
  it("returns every kind of array with its shape", async () => {
    for (const data of ARRAYS) {
      const path = join(folder, "a.npy");
      await writeNpy(path, data, [2, 3]);
      expect(await readNpy(path)).toEqual({ data, shape: [2, 3] });
      expect(decodeNpy(encodeNpy(data))).toEqual({ data, shape: [6] });
    }
    expect(decodeNpy(encodeNpy(Float64Array.of(3), []))).toEqual({ data: Float64Array.of(3), shape: [] });
  });

  // numpy 2.2: np.save(f, np.arange(6, dtype="<i2").reshape(2, 3)); f.read().hex() of the first 10 bytes and the dictionary
  it("writes and reads the bytes that NumPy writes", () => {
    const dictionary = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }";
    const header = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${dictionary.padEnd(117)}\n`, "latin1");
    const bytes = Buffer.concat([header, Buffer.of(0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0)]);
    expect(header.length).toBe(128);
    const data = Int16Array.of(0, 1, 2, 3, 4, 5);
    expect(decodeNpy(bytes)).toEqual({ data, shape: [2, 3] });
    expect(decodeNpy(encodeNpy(data, [2, 3])).shape).toEqual([2, 3]);
  });

  it.each([
    ["no magic word", Buffer.from("not a NumPy file"), "is not a NumPy file"],
    [
      "a cut header",
      Buffer.from(encodeNpy(Float64Array.of(1)).subarray(0, 11)),
      "is shorter than its header",
    ],
    [
      "a cut body",
      Buffer.from(encodeNpy(Float64Array.of(1, 2)).subarray(0, -1)),
      "holds 15 bytes, expected 16",
    ],
    [
      "a byte too much",
      Buffer.concat([encodeNpy(Float64Array.of(1)), Buffer.of(0)]),
      "holds 9 bytes, expected 8",
    ],
    ["big-endian numbers", replaced("<f8", ">f8"), "holds numbers of type >f8"],
    ["complex numbers", replaced("<f8", "<c8"), "holds numbers of type <c8"],
    ["Fortran order", replaced("False", "True "), "is in Fortran order (numpy.ascontiguousarray turns it)"],
    ["no shape", replaced("'shape'", "'shade'"), "has no valid header"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeNpy(bytes, "x.npy")).toThrow(CorruptFileError);
    expect(() => decodeNpy(bytes, "x.npy")).toThrow(`x.npy: ${message}`);
  });

  function replaced(from: string, to: string): Buffer {
    const text = Buffer.from(encodeNpy(Float64Array.of(1))).toString("latin1");
    return Buffer.from(text.replace(from, to), "latin1");
  }

  it("refuses to write a shape that does not fit", () => {
    expect(() => encodeNpy(Float64Array.of(1, 2), [3])).toThrow(/^data: expected 3 entries for shape \[3\]/);
  });
});

describe("csv", () => {
  it("returns what it wrote, to the last bit", async () => {
    const data = Float64Array.of(0.1, 1 / 3, 5e-324, -1.7976931348623157e308, 1e21, 123456789012345680);
    const columns = ["x", 'the "y", quoted'];
    const path = join(folder, "a.csv");
    await writeCsv(path, columns, data);
    expect(await readCsv(path)).toEqual({ columns, rows: 3, data });
  });

  it("reads other delimiters, line ends, a byte-order mark, no header, spaces", () => {
    expect(parseCsv("\uFEFFa; b\r\n1;2\r\n 3 ; 4e0\r\n\r\n", { delimiter: ";" })).toEqual({
      columns: ["a", "b"],
      rows: 2,
      data: Float64Array.of(1, 2, 3, 4),
    });
    expect(parseCsv("1,2\n3,4", { header: false })).toEqual({
      columns: ["0", "1"],
      rows: 2,
      data: Float64Array.of(1, 2, 3, 4),
    });
    expect(parseCsv('"a,b",c\n1,2').columns).toEqual(["a,b", "c"]);
  });

  it.each([
    ["a,b\n1,2\n3", "line 3: expected 2 cells, got 1"],
    ["a,b\n1,2,3", "line 2: expected 2 cells, got 3"],
    ["a,b\n1,2\n3,four", 'line 3, column 2 (b): expected a finite number, got "four"'],
    ["a,b\n1,\n", "line 2, column 2 (b): expected a finite number, got an empty cell"],
    ["a\nNaN", 'line 2, column 1 (a): expected a finite number, got "NaN"'],
    ["a\n0x1g", 'line 2, column 1 (a): expected a finite number, got "0x1g"'],
    ["a,b\n1,2\n\n3,4", "line 3: expected 2 cells, got 1"],
    ["a,b", "expected at least one row of numbers"],
    ["", "expected at least one row of numbers"],
  ])("refuses %j", (text, message) => {
    expect(() => parseCsv(text, {}, "data.csv")).toThrow(`data.csv: ${message}`);
  });

  it("refuses ragged data, no columns and unknown options", () => {
    expect(() => formatCsv(["a", "b"], Float64Array.of(1))).toThrow(
      /^data: expected a multiple of 2 columns/,
    );
    expect(() => formatCsv([], Float64Array.of(1))).toThrow(/^columns: /);
    expect(() => parseCsv("a\n1", { separator: ";" } as never)).toThrow(/^options\.separator: /);
  });

  it("names a file that does not exist", async () => {
    await expect(readCsv(join(folder, "no.csv"))).rejects.toThrow("no.csv: does not exist");
    await expect(readNpy(join(folder, "no.npy"))).rejects.toThrow("no.npy: does not exist");
    await expect(readSafetensors(join(folder, "no.st"))).rejects.toThrow("no.st: does not exist");
    writeFileSync(join(folder, "bad.st"), "x");
    await expect(readSafetensors(join(folder, "bad.st"))).rejects.toThrow(
      "bad.st: is shorter than its header",
    );
  });
});
