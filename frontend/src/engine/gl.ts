export const NO_WEBGL =
  "This browser offers no WebGL2, which the scatter is drawn with. Turn on hardware acceleration, or open the page in a current Firefox, Chrome, Edge or Safari.";

/** A WebGL2 context for points on opaque paper, or null. Its pixels stay readable after drawing. */
export function openContext(canvas: HTMLCanvasElement): WebGL2RenderingContext | null {
  return canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, preserveDrawingBuffer: true });
}

/** A pass and its uniforms by name. It is built when it is first used or prepared: the first picture needs few of them. */
export class Program {
  readonly #gl: WebGL2RenderingContext;
  readonly #sources: readonly [prelude: string, source: string];
  readonly #locations = new Map<string, WebGLUniformLocation | null>();
  readonly #shaders: WebGLShader[] = [];
  #handle: WebGLProgram | null = null;
  #checked = false;

  /** @param sources one that several share, and one whose vertex half is under `#ifdef VERTEX` */
  constructor(gl: WebGL2RenderingContext, ...sources: readonly [prelude: string, source: string]) {
    this.#gl = gl;
    this.#sources = sources;
  }

  use(): void {
    this.prepare();
    this.check();
    this.queue();
  }

  /** Use it once it is built, without waiting for that. */
  queue(): void {
    this.prepare();
    this.#gl.useProgram(this.#handle);
  }

  /** Have it built, without waiting for that. */
  prepare(): void {
    if (this.#handle) return;
    const gl = this.#gl;
    const [prelude, source] = this.#sources;
    this.#handle = gl.createProgram();
    for (const [type, define] of [[gl.VERTEX_SHADER, "VERTEX"], [gl.FRAGMENT_SHADER, "FRAGMENT"]] as const) {
      const shader = gl.createShader(type) as WebGLShader;
      gl.shaderSource(shader, `#version 300 es\n#define ${define}\n${prelude}\n${source}`);
      gl.compileShader(shader);
      gl.attachShader(this.#handle, shader);
      gl.deleteShader(shader);
      this.#shaders.push(shader);
    }
    gl.linkProgram(this.#handle);
  }

  /** Wait until it is built: whatever else the driver has to do comes before. */
  check(): void {
    const gl = this.#gl;
    if (this.#checked || !this.#handle) return;
    this.#checked = true;
    // A lost context fails every call; it says so by an event of its own.
    if (gl.getProgramParameter(this.#handle, gl.LINK_STATUS) || gl.isContextLost()) return;
    const told = [...this.#shaders.map((shader) => gl.getShaderInfoLog(shader)), gl.getProgramInfoLog(this.#handle)];
    throw new Error(`shader program: ${told.filter((text) => text).join("; ") || "did not link"}`);
  }

  /** Of the program in use. */
  uniform(name: string): WebGLUniformLocation | null {
    const known = this.#locations.get(name);
    if (known !== undefined) return known;
    const location = this.#handle && this.#gl.getUniformLocation(this.#handle, name);
    this.#locations.set(name, location);
    return location;
  }

  dispose(): void {
    if (this.#handle) this.#gl.deleteProgram(this.#handle);
  }
}

interface Layout {
  readonly type: GLenum;
  readonly size: number;
}

/** A buffer of one value for each item, bound to an attribute of the current vertex array. */
export class ItemBuffer {
  readonly #gl: WebGL2RenderingContext;
  readonly #buffer: WebGLBuffer;
  readonly #attribute: number;
  readonly #layout: Layout;
  #bytes = -1;

  constructor(gl: WebGL2RenderingContext, attribute: number, layout: Layout) {
    this.#gl = gl;
    this.#buffer = gl.createBuffer();
    this.#attribute = attribute;
    this.#layout = layout;
    this.bind(0);
  }

  /** Bind to the same attribute of the current vertex array: a value for each vertex (0) or for each instance (1). */
  bind(divisor: 0 | 1): void {
    const gl = this.#gl;
    const { type, size } = this.#layout;
    const attribute = this.#attribute;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    gl.enableVertexAttribArray(attribute);
    if (type === gl.FLOAT) gl.vertexAttribPointer(attribute, size, type, false, 0, 0);
    else gl.vertexAttribIPointer(attribute, size, type, 0, 0);
    gl.vertexAttribDivisor(attribute, divisor);
  }

  upload(values: Float32Array | Uint16Array | Uint8Array): void {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    if (values.byteLength === this.#bytes) gl.bufferSubData(gl.ARRAY_BUFFER, 0, values);
    else gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    this.#bytes = values.byteLength;
  }

  dispose(): void {
    this.#gl.deleteBuffer(this.#buffer);
  }
}
