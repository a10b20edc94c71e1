import type { DensityField } from "./density";
import { Program } from "./gl";
import densitySource from "./glsl/density.glsl?raw";
import itemSource from "./glsl/item.glsl?raw";
import type { Frame } from "./frame";

/** Draws the difference of density beneath everything else. */
export class GroundPass {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: Program;
  readonly #array: WebGLVertexArrayObject;
  readonly #cells: WebGLTexture;
  readonly #unit: number;
  #field: DensityField | null = null;

  /** @param unit the texture unit that the pass may bind */
  constructor(gl: WebGL2RenderingContext, unit: number) {
    this.#gl = gl;
    this.#unit = unit;
    this.#program = new Program(gl, itemSource, densitySource);
    this.#array = gl.createVertexArray();
    this.#cells = gl.createTexture();
  }

  set(field: DensityField | null): void {
    const gl = this.#gl;
    this.#field = field;
    if (!field) return;
    gl.activeTexture(gl.TEXTURE0 + this.#unit);
    gl.bindTexture(gl.TEXTURE_2D, this.#cells);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG8, field.columns, field.rows, 0, gl.RG, gl.UNSIGNED_BYTE, field.cells);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR);
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
    gl.activeTexture(gl.TEXTURE0);
  }

  /** Whatever vertex array is bound then, it is not the caller's. */
  paint({ camera, size, theme }: Frame): void {
    const field = this.#field;
    if (!field) return;
    const gl = this.#gl;
    const of = (name: string): WebGLUniformLocation | null => this.#program.uniform(name);
    const [unitX, unitY] = [(2 * camera.scale) / size.width, (2 * camera.scale) / size.height];
    this.#program.use();
    gl.uniform4f(of("u_box"), (field.minX - camera.x) * unitX, (field.minY - camera.y) * unitY, (field.maxX - camera.x) * unitX, (field.maxY - camera.y) * unitY);
    gl.uniform1i(of("u_cells"), this.#unit);
    for (const [name, color] of [["u_a", theme.a], ["u_b", theme.b], ["u_alike", theme.context]] as const) gl.uniform3f(of(name), ...color);
    gl.bindVertexArray(this.#array);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  get program(): Program {
    return this.#program;
  }

  dispose(): void {
    const gl = this.#gl;
    gl.deleteTexture(this.#cells);
    gl.deleteVertexArray(this.#array);
    this.#program.dispose();
  }
}
