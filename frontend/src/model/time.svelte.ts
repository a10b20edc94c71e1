import { type Mode, MOST_GAIN } from "./link";
import { MOST_TRAILS, TRAILS } from "./trails";

/** The moment between the two spaces, and how motion from one to the other is drawn. */
export class Time {
  /** 0 shows A, 1 shows B. */
  t = $state(0);
  /** How much longer than they are moves are drawn. */
  gain = $state(1);
  /** No more trails than this are drawn one by one. */
  most = $state<number>(TRAILS);
  /** Room for two pictures. */
  wide = $state(false);
  /** The mode that was asked for; null leaves it to the room there is. */
  asked = $state<Mode | null>(null);

  get mode(): Mode {
    return this.asked ?? (this.wide ? "side" : "morph");
  }

  get trails(): boolean {
    return this.mode === "trails";
  }

  /** Show one picture, which can move. */
  single(): void {
    if (this.mode === "side" || this.mode === "density") this.asked = "morph";
  }

  setMost(most: number): void {
    this.most = Math.min(Math.max(Math.round(most), 1), MOST_TRAILS);
  }

  setGain(gain: number): void {
    this.gain = Math.min(Math.max(gain, 1), MOST_GAIN);
  }
}
