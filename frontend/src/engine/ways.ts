import { Program } from "./gl";
import itemSource from "./glsl/item.glsl?raw";
import trailsSource from "./glsl/trails.glsl?raw";
import { wayBreadth, wayOpacity } from "./ink";
import { along, type Places } from "./places";
import type { Frame } from "./frame";
import { Flag, Move, type Trails } from "./types";

/** Bytes of a way: x, y in A and in B as floats, a colour, and whether it is dashed. */
const STRIDE = 20;
const BOTH = 3;

/** What the GPU draws of trails. */
export interface Told {
  /** Both ends, colour and kind of each way. */
  readonly ways: ArrayBuffer;
  /** (n): bit 1 of an item that changed and stands still, bit 2 of one whose way is drawn. */
  readonly told: Uint8Array;
  /** How many changed and stand still. */
  readonly rings: number;
}

/** What is drawn of trails; null draws none. */
export function toldOf(places: Places, trails: Trails | null, given: { readonly flags: Uint8Array; readonly moves: Uint8Array | null }): Told {
  const told = new Uint8Array(places.n);
  if (!trails) return { ways: new ArrayBuffer(), told, rings: 0 };
  let rings = 0;
  given.moves?.forEach((move, item) => {
    if (move !== Move.hidden) return;
    told[item] = 1;
    rings += 1;
  });
  for (const item of trails.items) told[item] = (told[item] ?? 0) | 2;
  return { ways: waysOf(places, trails, given), told, rings };
}

function waysOf(places: Places, { items, colors }: Trails, { flags, moves }: { readonly flags: Uint8Array; readonly moves: Uint8Array | null }): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(items.length * STRIDE));
  let size = 0;
  items.forEach((item, i) => {
    if (places.presence[item] !== BOTH || (flags[item] ?? 0) & Flag.hidden) return;
    const at = size * STRIDE;
    [places.from, places.to].forEach((coords, end) => {
      for (const axis of [0, 1]) view.setFloat32(at + 8 * end + 4 * axis, coords[2 * item + axis] as number, true);
    });
    for (let part = 0; part < 3; part += 1) view.setUint8(at + 16 + part, colors[3 * i + part] ?? 0);
    view.setUint8(at + 19, moves?.[item] === Move.layoutOnly ? 255 : 0);
    size += 1;
  });
  return view.buffer.slice(0, size * STRIDE);
}

/** Draws ways from A to B. */
export class WaysPass {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: Program;
  readonly #array: WebGLVertexArrayObject;
  readonly #buffer: WebGLBuffer;
  #count = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#program = new Program(gl, itemSource, trailsSource);
    this.#array = gl.createVertexArray();
    this.#buffer = gl.createBuffer();
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    const attributes = [[4, gl.FLOAT, false, 0], [3, gl.UNSIGNED_BYTE, true, 16], [1, gl.UNSIGNED_BYTE, true, 19]] as const;
    attributes.forEach(([size, type, scaled, offset], attribute) => {
      gl.enableVertexAttribArray(attribute);
      gl.vertexAttribPointer(attribute, size, type, scaled, STRIDE, offset);
      gl.vertexAttribDivisor(attribute, 1);
    });
    gl.bindVertexArray(null);
  }

  set(ways: ArrayBuffer): void {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    gl.bufferData(gl.ARRAY_BUFFER, ways, gl.DYNAMIC_DRAW);
    this.#count = ways.byteLength / STRIDE;
  }

  /** Whatever vertex array is bound then, it is not the caller's. */
  paint({ size, gain, camera, ratio, theme }: Frame): void {
    if (this.#count === 0) return;
    const gl = this.#gl;
    const of = (name: string): WebGLUniformLocation | null => this.#program.uniform(name);
    this.#program.use();
    gl.uniform1f(of("u_ratio"), ratio);
    gl.uniform3f(of("u_paper"), ...theme.paper);
    gl.uniform2f(of("u_ends"), along(0, gain), along(1, gain));
    gl.uniform2f(of("u_center"), camera.x, camera.y);
    gl.uniform2f(of("u_unit"), (2 * camera.scale) / size.width, (2 * camera.scale) / size.height);
    gl.uniform2f(of("u_pixel"), 2 / size.width, 2 / size.height);
    gl.uniform1f(of("u_opacity"), wayOpacity(this.#count));
    gl.uniform1f(of("u_breadth"), wayBreadth(this.#count));
    gl.bindVertexArray(this.#array);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.#count);
  }

  /** A way from nowhere to nowhere, where none is known yet. */
  one(): void {
    const gl = this.#gl;
    if (this.#count > 0) return;
    this.#program.use();
    this.set(new ArrayBuffer(STRIDE));
    gl.bindVertexArray(this.#array);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, 1);
    this.#count = 0;
  }

  get program(): Program {
    return this.#program;
  }

  dispose(): void {
    const gl = this.#gl;
    gl.deleteBuffer(this.#buffer);
    gl.deleteVertexArray(this.#array);
    this.#program.dispose();
  }
}
