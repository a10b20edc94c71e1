/** What the page shows and how it is chosen; `ui` knows what is named here and nothing else of this room. */
export type { DataSource, GroupMatch, Progress } from "../data";
export type * from "./schema.gen";

export { chainOf, changesOf, type Course, coursesOf, spacesOf } from "./chain";
export { overlapField, rowsOfEntry } from "./colour";
export type { CategoryColouring, Colouring } from "./colouring";
export { Film, type Frame } from "./film.svelte";
export { Finder, type Finding } from "./finder";
export type { Alike, Subject, Suggestion } from "./grouping.svelte";
export { type Box, enrichedValues, filterGroups, type GroupType, isInView, overlapCounts, pairOf, timelineOf, typeCounts } from "./groups";
export type { Sample } from "./bundle";
export { type Extent, loadSample } from "./extent";
export { FEW, MANY } from "./focus.svelte";
export { alongSizes, GRADE_ENDS, GRADE_TONES, MOST_SHARE, NOISE_TONES, QUALITY_TONES, type Tone } from "./grades";
export { type Fact, factsOf, nameOf } from "./item";
export type { Layout } from "./layout";
export { formatLink, type Mode, MOST_GAIN, parseLink } from "./link";
export type { Level, PlaceName } from "./landmarks";
export { Live } from "./live.svelte";
export { Loaded } from "./loaded.svelte";
export { areReplicates, scaleEnd, type Shade, shaded, shadesOf } from "./matrix";
export { measureOf, scaleOf } from "./measures";
export { MOVE_CLASSES, moveCount, shownMoves } from "./moves";
export type { NeighborComparison, NeighborSide } from "./neighbors";
export { type PairView, viewPair } from "./pair";
export { complement, EMPTY, rowSet, type RowSet, rowsWhere } from "./selection";
export type { Session } from "./session.svelte";
export { composition, type Mean, meanOver } from "./summary";
