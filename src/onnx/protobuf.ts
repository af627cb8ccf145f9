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
