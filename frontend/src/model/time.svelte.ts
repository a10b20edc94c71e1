import { MOST_GAIN } from "./link";

/** The moment between the two spaces, and how motion from one to the other is drawn. */
export class Time {
  /** 0 shows A, 1 shows B. */
  t = $state(0);
  /** How much longer than they are moves are drawn. */
  gain = $state(1);
  trails = $state(false);

  setGain(gain: number): void {
    this.gain = Math.min(Math.max(gain, 1), MOST_GAIN);
  }
}
