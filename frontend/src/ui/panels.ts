/** What stands round the picture: read after it. */
export { default as CoachMarks } from "./CoachMarks.svelte";
export { default as Drawer } from "./Drawer.svelte";
export { default as HelpDialog } from "./HelpDialog.svelte";
export { default as LeftRail } from "./LeftRail.svelte";
export { default as RightRail } from "./RightRail.svelte";
