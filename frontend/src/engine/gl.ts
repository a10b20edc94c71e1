export const NO_WEBGL =
  "This browser offers no WebGL2, which the scatter is drawn with. Turn on hardware acceleration, or open the page in a current Firefox, Chrome, Edge or Safari.";

/** A WebGL2 context for points on opaque paper, or null. Its pixels stay readable after drawing. */
export function openContext(canvas: HTMLCanvasElement): WebGL2RenderingContext | null {
  return canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, preserveDrawingBuffer: true });
}

/** A pass and its uniforms by name. It is built when it is first used: the first picture needs few of them. */
export class Program {
  readonly #gl: WebGL2RenderingContext;
  readonly #sources: readonly [prelude: string, source: string];
  readonly #locations = new Map<string, WebGLUniformLocation | null>();
  #handle: WebGLProgram | null = null;

  /** @param sources one that several share, and one whose vertex half is under `#ifdef VERTEX` */
  constructor(gl: WebGL2RenderingContext, ...sources: readonly [prelude: string, source: string]) {
    this.#gl = gl;
    this.#sources = sources;
  }

  use(): void {
    this.#gl.useProgram((this.#handle ??= build(this.#gl, ...this.#sources)));
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

function build(gl: WebGL2RenderingContext, prelude: string, source: string): WebGLProgram {
  const handle = gl.createProgram();
  for (const [type, define] of [
    [gl.VERTEX_SHADER, "VERTEX"],
    [gl.FRAGMENT_SHADER, "FRAGMENT"],
  ] as const) {
    const shader = compile(gl, type, `#version 300 es\n#define ${define}\n${prelude}\n${source}`);
    gl.attachShader(handle, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(handle);
  // A lost context fails every call; it says so by an event of its own.
  if (!gl.getProgramParameter(handle, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`shader program: ${gl.getProgramInfoLog(handle) ?? "did not link"}`);
  }
  return handle;
}

function compile(gl: WebGL2RenderingContext, type: GLenum, source: string): WebGLShader {
  const shader = gl.createShader(type) as WebGLShader;
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
    throw new Error(`shader: ${gl.getShaderInfoLog(shader) ?? "did not compile"}`);
  }
  return shader;
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
