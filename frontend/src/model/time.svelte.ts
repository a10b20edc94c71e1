import { type Mode, MOST_GAIN } from "./link";

/** The moment between the two spaces, and how motion from one to the other is drawn. */
export class Time {
  /** 0 shows A, 1 shows B. */
  t = $state(0);
  /** How much longer than they are moves are drawn. */
  gain = $state(1);
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
    if (this.mode === "side") this.asked = "morph";
  }

  setGain(gain: number): void {
    this.gain = Math.min(Math.max(gain, 1), MOST_GAIN);
  }
}
