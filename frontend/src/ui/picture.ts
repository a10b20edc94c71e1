import type { Shot, ShotText } from "../engine";
import type { Colouring } from "../model";
import { count, short } from "./format";
import { cssColor, paletteOf, rampOf } from "./paint";

/** What stands round a picture that is kept. */
export interface Framed {
  readonly title: string;
  /** What each pane shows, from the left. */
  readonly panes: readonly string[];
  readonly colouring: Colouring | null;
  /** Lines under the picture. */
  readonly caption: readonly string[];
  readonly dark: boolean;
}

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', sans-serif";
const [MARGIN, HEAD, LINE, DOT] = [16, 48, 18, 4];
/** Room that a letter takes, where none can be measured. */
const LETTER = 6.2;

const escaped = (text: string): string =>
  // What no XML may hold is left out.
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign);

interface Ink {
  readonly paper: string;
  readonly ink: string;
  readonly mute: string;
}
const inkOf = (dark: boolean): Ink => (dark ? { paper: "#121417", ink: "#e9ebee", mute: "#9aa1ac" } : { paper: "#ffffff", ink: "#1c1e22", mute: "#646b76" });

const text = (words: string, x: number, y: number, style: string): string => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${style}>${escaped(words)}</text>`;

const rgb = (color: readonly number[]): string => `rgb(${color.map((part) => Math.round(255 * part)).join(",")})`;

const written = ({ text: words, x, y, size, weight, color, opacity }: ShotText, paper: string): string =>
  text(words, x, y, `font-size="${size}" font-weight="${weight}" fill="${rgb(color)}" opacity="${opacity}" text-anchor="middle" dominant-baseline="central" paint-order="stroke" stroke="${paper}" stroke-width="3" stroke-linejoin="round"`);

/** The legend, in as many lines as it needs, and how high it is. */
function legendOf(colouring: Colouring | null, width: number, dark: boolean): { readonly svg: string; readonly height: number } {
  if (!colouring) return { svg: "", height: 0 };
  const { ink, mute } = inkOf(dark);
  const head = text(colouring.title, 0, 12, `font-size="12" font-weight="600" fill="${ink}"`);
  if (colouring.kind === "number") {
    const ramp = rampOf(colouring, dark);
    const steps = Array.from({ length: 33 }, (_, i) => `<stop offset="${((100 * i) / 32).toFixed(2)}%" stop-color="${cssColor(ramp, Math.round((255 * i) / 32)).replaceAll(" ", ",")}"/>`);
    const told = colouring.wordOf ?? short;
    const ends = text(told(colouring.low), 0, 42, `font-size="11" fill="${mute}"`) + text(told(colouring.high), 240, 42, `font-size="11" fill="${mute}" text-anchor="end"`);
    return { svg: `${head}<defs><linearGradient id="ramp">${steps.join("")}</linearGradient></defs><rect y="18" width="240" height="10" fill="url(#ramp)"/>${ends}`, height: 48 };
  }
  const palette = paletteOf(colouring, dark);
  let [x, y] = [0, LINE + 12];
  const lines = colouring.entries.map(({ name, count: n }, entry) => {
    const words = `${name}  ${count(n)}`;
    const room = words.length * LETTER + 3 * DOT + MARGIN;
    if (x > 0 && x + room > width) [x, y] = [0, y + LINE];
    const dot = `<circle cx="${x + DOT}" cy="${y - 4}" r="${DOT}" fill="${cssColor(palette, entry).replaceAll(" ", ",")}"/>`;
    const line = dot + text(words, x + 3 * DOT, y, `font-size="11" fill="${colouring.hidden.has(entry) ? mute : ink}"`);
    x += room;
    return line;
  });
  return { svg: head + lines.join(""), height: y + 8 };
}

/** The picture with its title, its legend and its caption as one SVG; points are shapes where the shot has them. */
export function svgOf(shot: Shot, { title, panes, colouring, caption, dark }: Framed, vector: boolean): { readonly svg: string; readonly width: number; readonly height: number } {
  const { paper, ink, mute } = inkOf(dark);
  const legend = legendOf(colouring, shot.width, dark);
  const top = HEAD + LINE;
  const below = top + shot.height + MARGIN;
  const height = below + legend.height + caption.length * LINE + MARGIN;
  const width = shot.width + 2 * MARGIN;
  const dots = vector ? shot.dots : null;
  const points = dots
    ? dots.map(({ x, y, r, fill, opacity, rim }) => `<circle cx="${x.toFixed(2)}" cy="${y.toFixed(2)}" r="${r.toFixed(2)}" fill="${fill.replaceAll(" ", ",")}" fill-opacity="${opacity.toFixed(2)}"${rim ? ` stroke="${rim.replaceAll(" ", ",")}"` : ""}/>`).join("")
    : `<image width="${shot.width}" height="${shot.height}" preserveAspectRatio="none" href="${shot.pixels.toDataURL("image/png")}"/>`;
  const lines = shot.lines.map(({ from, to, color }) => `<line x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}" stroke="${rgb(color)}" stroke-width="1.6"/>`);
  const heads = panes.map((name, pane) => text(name, MARGIN + (pane * shot.width) / panes.length, HEAD + 8, `font-size="13" font-weight="600" fill="${ink}"`));
  const foot = caption.map((line, i) => text(line, MARGIN, below + legend.height + (i + 1) * LINE, `font-size="11" fill="${mute}"`));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}"><title>${escaped(title)}</title><rect width="100%" height="100%" fill="${paper}"/>${text(title, MARGIN, 28, `font-size="16" font-weight="650" fill="${ink}"`)}${heads.join("")}<svg x="${MARGIN}" y="${top}" width="${shot.width}" height="${shot.height}">${points}${lines.join("")}${shot.texts.map((one) => written(one, paper)).join("")}</svg><g transform="translate(${MARGIN} ${below})">${legend.svg}</g>${foot.join("")}</svg>`;
  return { svg, width, height };
}

/** An SVG as PNG, with so many pixels for one. */
export async function pngOf({ svg, width, height }: { readonly svg: string; readonly width: number; readonly height: number }, ratio: number): Promise<Blob> {
  const image = new Image();
  const loaded = new Promise<void>((resolve, reject) => {
    image.onload = () => resolve();
    image.onerror = () => reject(new Error("The browser could not draw the picture."));
  });
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    await loaded;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) throw new Error("The picture is larger than the browser can write; choose fewer pixels.");
    return blob;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
