/** What stands round the picture: read after it. */
export { default as Caption } from "./Caption.svelte";
export { default as CoachMarks } from "./CoachMarks.svelte";
export { default as Drawer } from "./Drawer.svelte";
export { default as Header } from "./Header.svelte";
export { default as HelpDialog } from "./HelpDialog.svelte";
export { default as HoverCard } from "./HoverCard.svelte";
export { default as LeftRail } from "./LeftRail.svelte";
export { default as Legend } from "./Legend.svelte";
export { default as MorphBar } from "./MorphBar.svelte";
export { default as NewsBar } from "./NewsBar.svelte";
export { default as RightRail } from "./RightRail.svelte";
export { default as SelectionBar } from "./SelectionBar.svelte";
export { default as Spoken } from "./Spoken.svelte";
export { default as StoryNote } from "./StoryNote.svelte";
export { default as Toolbar } from "./Toolbar.svelte";
