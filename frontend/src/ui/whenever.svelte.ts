import { untrack } from "svelte";

/** Do something at first and whenever what is watched has changed; what it reads itself is not watched. */
export function whenever(watched: () => unknown, act: () => void): void {
  $effect(() => {
    watched();
    untrack(act);
  });
}
