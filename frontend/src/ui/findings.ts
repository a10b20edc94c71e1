import { tick } from "svelte";
import type { Session } from "../model";
import { boxRound } from "../model";
import { still } from "./motion.svelte";
import type { View } from "./view.svelte";

interface Page {
  readonly session: Session;
  readonly view: View;
}

/** Whether the sweep that is under way is of this finding. */
export const isPlaying = ({ session, view }: Page, finding: number): boolean => view.motion.playing && session.findings.chosen === finding;

/** Select what a finding is of, bring it into view, and show how it goes from A to B; while that plays, stop it. */
export async function playFinding(page: Page, finding: number): Promise<void> {
  const { session, view } = page;
  const { motion } = view;
  const playing = isPlaying(page, finding);
  motion.stop();
  if (playing) return;
  const rows = await session.findings.choose(finding);
  const layout = session.pair.layout.value;
  if (!rows) return;
  const stills = still() || session.pair.view?.findings[finding]?.picture === "side_by_side";
  session.time.asked = stills ? "side" : "trails";
  await tick();
  const box = layout && boxRound(rows, layout);
  if (box) view.stage?.frame(box);
  if (!stills) motion.tell();
}
