const utf8 = new TextEncoder();

/** Writes the protocol-buffer wire format: (field number · 8 + wire type) followed by the value. */
export class ProtobufWriter {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  /** Field of wire type 0; negative numbers take their 64-bit two's complement. */
  int(field: number, value: number | bigint): void {
    this.varint(field * 8);
    this.varint(value);
  }

  /** Field of wire type 2. */
  bytes(field: number, value: Uint8Array): void {
    this.varint(field * 8 + 2);
    this.varint(value.byteLength);
    this.push(value);
  }

  string(field: number, value: string): void {
    this.bytes(field, utf8.encode(value));
  }

  message(field: number, value: ProtobufWriter): void {
    this.varint(field * 8 + 2);
    this.varint(value.length);
    for (const part of value.parts) this.push(part);
  }

  /** Field of wire type 5, little-endian. */
  float(field: number, value: number): void {
    this.varint(field * 8 + 5);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.push(bytes);
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.length);
    let offset = 0;
    for (const part of this.parts) {
      all.set(part, offset);
      offset += part.byteLength;
    }
    return all;
  }

  private push(part: Uint8Array): void {
    this.parts.push(part);
    this.length += part.byteLength;
  }

  private varint(value: number | bigint): void {
    if (typeof value === "number" && value >= 0 && value < 128) {
      this.push(Uint8Array.of(value));
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    do {
      const low = Number(rest & 127n);
      rest >>= 7n;
      bytes.push(rest > 0n ? low | 128 : low);
    } while (rest > 0n);
    this.push(Uint8Array.from(bytes));
  }
}

/** A field as it stands in a message: a number, or the bytes of a text or of another message. */
export interface Field {
  readonly field: number;
  readonly number: number;
  readonly bytes: ProtobufReader | undefined;
}

/** Reads the same format. */
export class ProtobufReader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  /** The fields of the message. @throws Error where it ends too early, or has a wire type that ONNX does not use */
  fields(): Field[] {
    const fields: Field[] = [];
    for (this.at = 0; this.at < this.bytes.length;) {
      const tag = this.varint();
      fields.push({ field: Math.floor(tag / 8), ...this.value(tag % 8) });
    }
    return fields;
  }

  private value(wireType: number): Omit<Field, "field"> {
    if (wireType === 0) return { number: this.varint(), bytes: undefined };
    if (wireType === 2) return { number: NaN, bytes: new ProtobufReader(this.take(this.varint())) };
    if (wireType !== 5) throw new Error(`protobuf: wire type ${wireType} at byte ${this.at}`);
    const { buffer, byteOffset } = this.take(4);
    return { number: new DataView(buffer, byteOffset).getFloat32(0, true), bytes: undefined };
  }

  private take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw new Error(`protobuf: the bytes end within a field`);
    return this.bytes.subarray(this.at, (this.at += length));
  }

  /** A number of at least 0, which is all that a model's outline has. */
  private varint(): number {
    let [value, factor] = [0, 1];
    for (;;) {
      const [byte] = this.take(1);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  }
}
