import type { Size } from "./camera";

/**
 * Keep a canvas as sharp as the screen: its pixels are the screen's, whatever its CSS size and the zoom of the page.
 *
 * Calls back now and at each change, and returns what ends it.
 */
export function watchSize(canvas: HTMLCanvasElement, changed: (size: Size, ratio: number) => void): () => void {
  let known = "";
  const measure = (device?: ResizeObserverSize): void => {
    const size = { width: Math.max(canvas.clientWidth, 1), height: Math.max(canvas.clientHeight, 1) };
    const width = device?.inlineSize ?? Math.round(size.width * window.devicePixelRatio);
    const height = device?.blockSize ?? Math.round(size.height * window.devicePixelRatio);
    // Setting a size clears the canvas, even to what it was.
    if (canvas.width !== width) canvas.width = Math.max(width, 1);
    if (canvas.height !== height) canvas.height = Math.max(height, 1);
    const now = [size.width, size.height, canvas.width, canvas.height].join();
    // The observer begins by telling what is known.
    if (now === known) return;
    known = now;
    changed(size, canvas.width / size.width);
  };
  const observer = new ResizeObserver(([entry]) => measure(deviceSize(entry)));
  try {
    observer.observe(canvas, { box: "device-pixel-content-box" });
  } catch {
    // Safari knows only the CSS box.
    observer.observe(canvas);
  }
  measure();
  return () => observer.disconnect();
}

/** Safari does not know it, whatever the types say. */
function deviceSize(entry: Partial<ResizeObserverEntry> | undefined): ResizeObserverSize | undefined {
  return entry?.devicePixelContentBoxSize?.[0];
}
