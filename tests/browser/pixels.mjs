// What is on the canvas of the points, once nothing moves any more; and how far two of these differ.
const SLOW = { timeout: 60_000 };

/** Device pixels of the canvas as bytes, read until they stay the same. */
export async function pixelsOf(frame) {
  const read = () =>
    frame.evaluate(() => {
      const gl = document.querySelector("canvas[data-testid=scatter]").getContext("webgl2");
      const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
      const bytes = new Uint8Array(4 * width * height);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
      let text = "";
      for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
      return { width, height, text: btoa(text) };
    });
  await frame.getByTestId("scatter").waitFor(SLOW);
  for (let last = await read(), same = 0; ; ) {
    await frame.waitForTimeout(200);
    const now = await read();
    same = now.text === last.text ? same + 1 : 0;
    last = now;
    if (same === 3) return { width: now.width, height: now.height, bytes: Buffer.from(now.text, "base64") };
  }
}

/** Pixels that are not paper, and how many of all differ at all and by more than `much` of 255 steps. */
export function apart(one, other, much = 32) {
  if (one.width !== other.width || one.height !== other.height) return { sizes: [one, other].map(({ width, height }) => [width, height]) };
  const [paper] = [one.bytes.readUInt32LE(0)];
  const found = { drawn: 0, differ: 0, much: 0 };
  for (let at = 0; at < one.bytes.length; at += 4) {
    if (one.bytes.readUInt32LE(at) !== paper) found.drawn += 1;
    const most = Math.max(...[0, 1, 2].map((part) => Math.abs(one.bytes[at + part] - other.bytes[at + part])));
    if (most > 0) found.differ += 1;
    if (most > much) found.much += 1;
  }
  return found;
}
