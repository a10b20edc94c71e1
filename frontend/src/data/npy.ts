import type { Column } from "../model/schema.gen";
import { DataError } from "./errors";
import type { ColumnArray, RowRange } from "./source";

/** Which bytes of a column's file hold some of its rows. */
export interface ByteRange {
  readonly start: number;
  /** Excluded. */
  readonly end: number;
}

interface Dtype {
  readonly size: number;
  view(bytes: Uint8Array): ColumnArray;
}

type ViewConstructor = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => ColumnArray;

/** A typed array over the bytes where they lie, or over a copy where they are not aligned. */
function viewAs(View: ViewConstructor, size: number, bytes: Uint8Array): ColumnArray {
  const placed = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new View(placed.buffer, placed.byteOffset, placed.byteLength / size);
}

const plain = (View: ViewConstructor, size: number): Dtype => ({ size, view: (bytes) => viewAs(View, size, bytes) });

/** 64-bit integers as numbers, exact up to 2^53: BigInt arrays are of no use to a GPU and slow elsewhere. */
function wide(signed: boolean): Dtype {
  return {
    size: 8,
    view(bytes) {
      const words = viewAs(Uint32Array, 4, bytes) as Uint32Array;
      const numbers = new Float64Array(words.length / 2);
      for (let i = 0; i < numbers.length; i += 1) {
        const high = words[2 * i + 1] as number;
        numbers[i] = (signed ? high | 0 : high) * 2 ** 32 + (words[2 * i] as number);
      }
      return numbers;
    },
  };
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const half: Dtype = {
  size: 2,
  view: (bytes) => Float32Array.from(viewAs(Uint16Array, 2, bytes), halfToNumber),
};

/** By numpy's name; always little-endian, as every platform with WebGL2 is. */
const dtypes: Readonly<Record<string, Dtype>> = {
  bool: plain(Uint8Array, 1),
  int8: plain(Int8Array, 1),
  uint8: plain(Uint8Array, 1),
  int16: plain(Int16Array, 2),
  uint16: plain(Uint16Array, 2),
  int32: plain(Int32Array, 4),
  uint32: plain(Uint32Array, 4),
  int64: wide(true),
  uint64: wide(false),
  float16: half,
  float32: plain(Float32Array, 4),
  float64: plain(Float64Array, 8),
};

function dtypeOf(name: string, column: Column): Dtype {
  const dtype = dtypes[column.dtype];
  if (dtype) return dtype;
  const known = Object.keys(dtypes).join(", ");
  throw new DataError(name, `its dtype '${column.dtype}' is not one this page reads (${known})`, "update Emblink");
}

/** Numbers in one row. */
export function rowWidth(column: Column): number {
  return column.shape.slice(1).reduce((product, extent) => product * extent, 1);
}

/** The bytes that hold `rows` of a column (all rows when not given), or a `DataError` when there are no such rows. */
export function byteRange(name: string, column: Column, rows?: RowRange): ByteRange {
  const n = column.shape[0] ?? 0;
  const { start, end } = rows ?? { start: 0, end: n };
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > n) {
    throw new DataError(name, `rows ${start} to ${end} were asked for, but it has ${n}`, "ask for rows it has");
  }
  const stride = rowWidth(column) * dtypeOf(name, column).size;
  return { start: column.offset + start * stride, end: column.offset + end * stride };
}

/** Numbers from the bytes of whole rows. */
export function decode(name: string, column: Column, bytes: Uint8Array): ColumnArray {
  return dtypeOf(name, column).view(bytes);
}
