import type { Atlas } from "./atlas";
import { ItemBuffer, Program } from "./gl";
import itemSource from "./glsl/item.glsl?raw";
import marksSource from "./glsl/marks.glsl?raw";
import picturesSource from "./glsl/pictures.glsl?raw";
import pointsSource from "./glsl/points.glsl?raw";
import type { DensityField } from "./density";
import type { Frame } from "./frame";
import { GroundPass } from "./ground";
import { ringOpacity } from "./ink";
import { isBulk, type Marks, NO_MARKS, plainOf, within } from "./marks";
import { along, type Places } from "./places";
import type { Rgb } from "./theme";
import { type Told, WaysPass } from "./ways";

/** Texels in a row of the palette's texture: a palette may be longer than a texture is wide. */
const PALETTE_WIDTH = 256;
/** Levels of the pictures' sheet: beyond them tiles would run into each other. */
const SHEET_LEVELS = 2;
/** Texture units. */
const UNIT = { palette: 0, atlas: 1, density: 2 } as const;

/** What lives on the GPU: the items' buffers and the passes over them. */
export class Painter {
  readonly #gl: WebGL2RenderingContext;
  readonly #points: Program;
  readonly #marks: Program;
  readonly #pictures: Program;
  readonly #ways: WaysPass;
  readonly #ground: GroundPass;
  readonly #items: WebGLVertexArrayObject;
  readonly #from: ItemBuffer;
  readonly #to: ItemBuffer;
  readonly #presence: ItemBuffer;
  readonly #shades: ItemBuffer;
  readonly #flags: ItemBuffer;
  readonly #told: ItemBuffer;
  readonly #markItems: WebGLBuffer;
  readonly #palette: WebGLTexture;
  readonly #sheet: WebGLTexture;
  #atlas: Atlas | null = null;
  #marked: Marks = NO_MARKS;
  /** Those that do not stand out, where they are drawn apart from many that do. */
  #plain: Uint32Array | null = null;
  #ringCount = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    const build = (source: string): Program => new Program(gl, `#define ITEMS\n${itemSource}`, source);
    this.#points = build(pointsSource);
    this.#marks = build(marksSource);
    this.#pictures = build(picturesSource);
    this.#ways = new WaysPass(gl);
    this.#ground = new GroundPass(gl, UNIT.density);
    this.#items = gl.createVertexArray();
    gl.bindVertexArray(this.#items);
    this.#from = new ItemBuffer(gl, 0, { type: gl.FLOAT, size: 2 });
    this.#to = new ItemBuffer(gl, 1, { type: gl.FLOAT, size: 2 });
    this.#presence = new ItemBuffer(gl, 2, { type: gl.UNSIGNED_BYTE, size: 1 });
    this.#shades = new ItemBuffer(gl, 3, { type: gl.UNSIGNED_SHORT, size: 1 });
    this.#flags = new ItemBuffer(gl, 4, { type: gl.UNSIGNED_BYTE, size: 1 });
    this.#told = new ItemBuffer(gl, 5, { type: gl.UNSIGNED_BYTE, size: 1 });
    this.#markItems = gl.createBuffer();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#markItems);
    this.#sheet = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + UNIT.atlas);
    gl.bindTexture(gl.TEXTURE_2D, this.#sheet);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 1, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAX_LEVEL, 0);
    gl.activeTexture(gl.TEXTURE0 + UNIT.palette);
    this.#palette = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.#palette);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    }
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  get #buffers(): readonly ItemBuffer[] {
    return [this.#from, this.#to, this.#presence, this.#shades, this.#flags, this.#told];
  }

  setPlaces(places: Places): void {
    this.#from.upload(places.from);
    this.#to.upload(places.to);
    this.#presence.upload(places.presence);
  }

  setShades(shades: Uint16Array, colors: Uint8Array): void {
    this.#shades.upload(shades);
    const gl = this.#gl;
    const height = Math.max(Math.ceil(colors.length / 3 / PALETTE_WIDTH), 1);
    const texels = new Uint8Array(PALETTE_WIDTH * height * 3);
    texels.set(colors);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, PALETTE_WIDTH, height, 0, gl.RGB, gl.UNSIGNED_BYTE, texels);
  }

  setAtlas(atlas: Atlas | null): void {
    const gl = this.#gl;
    this.#atlas = atlas;
    if (!atlas) return;
    gl.activeTexture(gl.TEXTURE0 + UNIT.atlas);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAX_LEVEL, SHEET_LEVELS);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, atlas.side, atlas.side, 0, gl.RGBA, gl.UNSIGNED_BYTE, atlas.pixels);
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.activeTexture(gl.TEXTURE0 + UNIT.palette);
  }

  setFlags(flags: Uint8Array, marks: Marks): void {
    this.#flags.upload(flags);
    this.#marked = marks;
    this.#plain = isBulk(marks) ? plainOf(flags) : null;
    const gl = this.#gl;
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, 4 * (marks.items.length + (this.#plain?.length ?? 0)), gl.DYNAMIC_DRAW);
    gl.bufferSubData(gl.ELEMENT_ARRAY_BUFFER, 0, marks.items);
    if (this.#plain) gl.bufferSubData(gl.ELEMENT_ARRAY_BUFFER, 4 * marks.items.length, this.#plain);
  }

  setTrails({ ways, told, rings }: Told): void {
    this.#ways.set(ways);
    this.#told.upload(told);
    this.#ringCount = rings;
  }

  setDensity(field: DensityField | null): void {
    this.#ground.set(field);
  }

  /** Draw an item that is nowhere, elsewhere: the driver makes its pass for points, which takes it longer than to draw them. */
  rehearse(): void {
    const gl = this.#gl;
    const one = new Float32Array(2);
    this.setPlaces({ n: 1, end: 1, from: one, to: one, presence: new Uint8Array(1) });
    this.setShades(new Uint16Array(1), new Uint8Array(3));
    this.setFlags(new Uint8Array(1), NO_MARKS);
    this.#told.upload(new Uint8Array(1));
    this.#aside(() => {
      this.#points.queue();
      gl.drawArrays(gl.POINTS, 0, 1);
    });
  }

  /** Likewise the passes of what is chosen and of trails, which are wanted at once when they are. */
  warm(): void {
    const gl = this.#gl;
    this.#aside(() => {
      this.#marks.use();
      gl.drawArrays(gl.POINTS, 0, 1);
      this.#ways.one();
    });
  }

  /** Draw where nobody looks. */
  #aside(draw: () => void): void {
    const gl = this.#gl;
    const [frame, pixels] = [gl.createFramebuffer(), gl.createRenderbuffer()];
    gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
    gl.bindRenderbuffer(gl.RENDERBUFFER, pixels);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGB8, 1, 1);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, pixels);
    draw();
    gl.bindVertexArray(this.#items);
    gl.deleteFramebuffer(frame);
    gl.deleteRenderbuffer(pixels);
    gl.flush();
  }

  paint(frame: Frame): void {
    const gl = this.#gl;
    const left = Math.round(frame.left * frame.ratio);
    const width = Math.round(frame.size.width * frame.ratio);
    gl.disable(gl.SCISSOR_TEST);
    gl.viewport(left, 0, width, gl.drawingBufferHeight);
    gl.clearColor(...frame.theme.paper, 1);
    // Points reach beyond the place that is clipped.
    if (width < gl.drawingBufferWidth) {
      gl.enable(gl.SCISSOR_TEST);
      gl.scissor(left, 0, width, gl.drawingBufferHeight);
    }
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (frame.drawn > 0) this.#paintItems(frame);
    const { items, plain } = this.#marked;
    const first = frame.density || isBulk(this.#marked) ? plain : 0;
    if (items.length > first) this.#paintMarks(frame, first);
  }

  /** The passes, most of which the first picture does without. */
  get programs(): readonly Program[] {
    return [this.#points, this.#marks, this.#pictures, this.#ways.program, this.#ground.program];
  }

  /** Free the buffers now, not when the context is collected. */
  dispose(): void {
    const gl = this.#gl;
    for (const buffer of this.#buffers) buffer.dispose();
    gl.deleteBuffer(this.#markItems);
    for (const texture of [this.#palette, this.#sheet]) gl.deleteTexture(texture);
    gl.deleteVertexArray(this.#items);
    for (const pass of [this.#points, this.#marks, this.#pictures, this.#ways, this.#ground]) pass.dispose();
  }

  #paintItems(frame: Frame): void {
    const paint = frame.picture > 0 ? this.#paintPictures : this.#paintPoints;
    if (frame.density) this.#ground.paint(frame);
    else {
      paint.call(this, frame, 0);
      if (isBulk(this.#marked)) paint.call(this, frame, 1);
    }
    if (frame.trails) this.#ways.paint(frame);
    this.#gl.bindVertexArray(this.#items);
  }

  /** Those that do not stand out (0), or those that are selected and nothing else (1). */
  #paintPoints(frame: Frame, which: 0 | 1): void {
    const gl = this.#gl;
    const points = this.#points;
    const { dims } = this.#marked;
    this.#use(points, frame);
    gl.uniform1i(points.uniform("u_which"), which);
    gl.uniform1f(points.uniform("u_dim"), dims && which === 0 ? 1 : 0);
    gl.uniform1f(points.uniform("u_ring"), frame.trails && !dims ? ringOpacity(this.#ringCount) : 0);
    if (which === 1) gl.uniform2f(points.uniform("u_ink"), frame.selectedDiameter, frame.selectedOpacity);
    gl.uniform1f(points.uniform("u_fade"), frame.trails && !dims ? 1 : 0);
    this.#color(points, "u_context", frame.theme.context);
    this.#drawItems(frame.drawn, which);
  }

  /** Of many that stand out, no pass goes through the items of the other: software takes as long to leave one out as for a third of a point. */
  #drawItems(drawn: number, which: 0 | 1): void {
    const gl = this.#gl;
    const { items, plain } = this.#marked;
    if (!this.#plain) gl.drawArrays(gl.POINTS, 0, drawn);
    else if (which === 1) gl.drawElements(gl.POINTS, within(items.subarray(0, plain), drawn), gl.UNSIGNED_INT, 0);
    else gl.drawElements(gl.POINTS, within(this.#plain, drawn), gl.UNSIGNED_INT, 4 * items.length);
  }

  #paintPictures(frame: Frame, which: 0 | 1): void {
    const gl = this.#gl;
    const pictures = this.#pictures;
    this.#use(pictures, frame);
    gl.uniform1i(pictures.uniform("u_which"), which);
    gl.uniform1f(pictures.uniform("u_dim"), this.#marked.dims && which === 0 ? 1 : 0);
    gl.uniform1f(pictures.uniform("u_fade"), frame.trails && !this.#marked.dims ? 1 : 0);
    gl.uniform1f(pictures.uniform("u_back"), frame.backed ? 0.9 : 0);
    this.#drawItems(frame.drawn, which);
  }

  /** Those from the `first` on, one by one. */
  #paintMarks(frame: Frame, first: number): void {
    const gl = this.#gl;
    const { accent, ink, kept, lost, gained } = frame.theme;
    const { items } = this.#marked;
    this.#use(this.#marks, frame);
    for (const [name, color] of Object.entries({ accent, kept, lost, gained })) this.#color(this.#marks, `u_${name}`, color);
    this.#color(this.#marks, "u_ink_color", ink);
    gl.uniform1f(this.#marks.uniform("u_ring"), frame.trails ? 1 : 0);
    gl.uniform1f(this.#marks.uniform("u_selected_diameter"), frame.selectedDiameter);
    for (const halo of [1, 0]) {
      gl.uniform1i(this.#marks.uniform("u_halo"), halo);
      gl.drawElements(gl.POINTS, items.length - first, gl.UNSIGNED_INT, 4 * first);
    }
  }

  #use(program: Program, frame: Frame): void {
    const gl = this.#gl;
    const { camera, ink, size, theme } = frame;
    program.use();
    gl.uniform1f(program.uniform("u_ratio"), frame.ratio);
    gl.uniform1f(program.uniform("u_t"), frame.t);
    gl.uniform1f(program.uniform("u_share"), along(frame.t, frame.gain));
    gl.uniform2f(program.uniform("u_center"), camera.x, camera.y);
    gl.uniform2f(program.uniform("u_unit"), (2 * camera.scale) / size.width, (2 * camera.scale) / size.height);
    gl.uniform2f(program.uniform("u_ink"), ink.diameter, ink.opacity);
    this.#color(program, "u_paper", theme.paper);
    this.#color(program, "u_missing", theme.missing);
    this.#usePictures(program, frame);
  }

  #usePictures(program: Program, { picture, ratio }: Frame): void {
    const gl = this.#gl;
    const { tile, side, columns } = this.#atlas ?? { tile: 1, side: 1, columns: 1 };
    const level = Math.min(Math.max(Math.round(Math.log2(tile / Math.max(picture * ratio, 1)) - 0.1), 0), SHEET_LEVELS);
    gl.uniform1f(program.uniform("u_picture"), this.#atlas ? picture : 0);
    gl.uniform1i(program.uniform("u_columns"), columns);
    gl.uniform2f(program.uniform("u_tile"), tile / side, level);
    gl.uniform1i(program.uniform("u_palette"), UNIT.palette);
    gl.uniform1i(program.uniform("u_atlas"), UNIT.atlas);
  }

  #color(program: Program, name: string, color: Rgb): void {
    this.#gl.uniform3f(program.uniform(name), ...color);
  }
}
