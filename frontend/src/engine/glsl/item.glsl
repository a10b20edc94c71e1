// What every pass knows of an item.
precision highp float;
precision highp int;

const uint SELECTED = 1u, HOVERED = 2u, FOCUSED = 4u, KEPT = 8u, LOST = 16u, GAINED = 32u, HIDDEN = 64u;
const uint SIGNS = KEPT | LOST | GAINED;
// Bits of what the trails say: it changed and stands still; its way is drawn.
const uint RINGED = 1u, TOLD = 2u;
const float RING_GAP = 1.2;
const float RING_STROKE = 1.1;

// CSS pixels to device pixels.
uniform float u_ratio;
uniform vec3 u_paper;
// Side of an item's picture in CSS pixels; 0 where points are drawn.
uniform float u_picture;
// Tiles in a row of the pictures' sheet.
uniform int u_columns;

#if defined(VERTEX) && defined(ITEMS)
layout(location = 0) in vec2 a_from;
layout(location = 1) in vec2 a_to;
layout(location = 2) in uint a_presence;
layout(location = 3) in uint a_shade;
layout(location = 4) in uint a_flags;
layout(location = 5) in uint a_told;

uniform float u_t;
// Share of the way from A to B at u_t, stretched by the gain.
uniform float u_share;
uniform vec2 u_center;
// Clip units for one data unit.
uniform vec2 u_unit;
uniform sampler2D u_palette;
uniform vec3 u_missing;
// Diameter in CSS pixels, opacity.
uniform vec2 u_ink;
// Opacity of the ring round what changed and stands still; 0 is none.
uniform float u_ring;

vec4 placeAt(float share) {
  return vec4((a_from + (a_to - a_from) * share - u_center) * u_unit, 0.0, 1.0);
}

vec4 place() {
  return placeAt(u_share);
}

float ring() {
  return (a_told & RINGED) != 0u ? u_ring : 0.0;
}

// 1 where ways are drawn and this item's is not.
uniform float u_fade;

float fade() {
  return (a_told & TOLD) != 0u ? 0.0 : u_fade;
}

float presence() {
  return mix(float(a_presence & 1u), float(a_presence >> 1), u_t);
}

// 0: those that do not stand out; 1: those that are selected and nothing else.
uniform int u_which;

bool mine() {
  return u_which == 0 ? a_flags == 0u : a_flags == SELECTED;
}

vec3 shade() {
  if (a_shade == 65535u) return u_missing;
  return texelFetch(u_palette, ivec2(a_shade & 255u, a_shade >> 8), 0).rgb;
}

// Outside the clip volume: draws nothing.
const vec4 NOWHERE = vec4(2.0, 2.0, 2.0, 1.0);
#endif

#ifdef FRAGMENT
out vec4 o_color;

uniform sampler2D u_atlas;
// A tile's side over the sheet's, and the level of the sheet that a picture is read from.
uniform vec2 u_tile;

// Premultiplied; `at` from (0, 0) to (1, 1) within the tile.
vec4 pictureAt(ivec2 tile, vec2 at) {
  if (at.x <= 0.0 || at.y <= 0.0 || at.x >= 1.0 || at.y >= 1.0) return vec4(0.0);
  return textureLod(u_atlas, (vec2(tile) + at) * u_tile.x, u_tile.y);
}

// How much of a pixel lies inside an edge at signed distance `d` pixels (negative inside).
float within(float d) {
  return clamp(0.5 - d, 0.0, 1.0);
}
#endif
