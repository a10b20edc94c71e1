// The way of each item from A to B, one instance each: narrow where it begins, broad where it ends.
#ifdef VERTEX
// 1 when something stands out, and only what does has a trail.
uniform float u_dim;
// 1 when something is selected: the focused item's neighbours have no trail then.
uniform float u_selected;
// Shares of the way at t = 0 and t = 1.
uniform vec2 u_ends;
// Clip units for one CSS pixel.
uniform vec2 u_pixel;
uniform vec3 u_grey;
uniform float u_opacity;

flat out vec4 v_color;
flat out float v_dashed;
// CSS pixels from the line's middle, half its width there, and pixels from its beginning.
out vec3 v_at;

const float BROAD = 1.5;
const float FINE = 0.9;

bool trailed() {
  if (a_presence != 3u || (a_flags & HIDDEN) != 0u) return false;
  if (u_selected > 0.5) return (a_flags & (SELECTED | HOVERED | FOCUSED)) != 0u;
  if (u_dim > 0.5) return a_flags != 0u;
  return a_move == MOVE_REAL || a_move == MOVE_LAYOUT_ONLY || a_move == MOVE_UNKNOWN;
}

void main() {
  vec2 begin = placeAt(u_ends.x).xy;
  vec2 end = placeAt(u_ends.y).xy;
  vec2 way = (end - begin) / u_pixel;
  float distance_ = length(way);
  if (!trailed() || distance_ < 0.5) {
    gl_Position = NOWHERE;
    return;
  }
  bool real = a_move == MOVE_REAL || a_move == MOVE_UNKNOWN;
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  float half_ = 0.5 * (real ? BROAD : FINE) * mix(real ? 0.4 : 1.0, 1.0, corner.x);
  float off = (2.0 * corner.y - 1.0) * (half_ + 1.0);
  vec2 normal = vec2(-way.y, way.x) / distance_;
  gl_Position = vec4(mix(begin, end, corner.x) + off * normal * u_pixel, 0.0, 1.0);
  v_at = vec3(off, half_, corner.x * distance_);
  v_dashed = a_move == MOVE_LAYOUT_ONLY ? 1.0 : 0.0;
  // Fine lines are few, and would be lost in so little ink.
  v_color = real ? vec4(shade(), u_opacity) : vec4(u_grey, max(u_opacity, 0.5));
}
#endif

#ifdef FRAGMENT
flat in vec4 v_color;
flat in float v_dashed;
in vec3 v_at;

const float DASH = 3.0;
const float PERIOD = 6.0;

void main() {
  // A line finer than a pixel is fainter, not broken.
  float half_ = max(v_at.y, 0.5 / u_ratio);
  float alpha = v_color.a * within((abs(v_at.x) - half_) * u_ratio) * min(v_at.y / half_, 1.0);
  if (v_dashed > 0.5 && mod(v_at.z, PERIOD) > DASH) alpha = 0.0;
  if (alpha <= 0.0) discard;
  o_color = vec4(v_color.rgb, 1.0) * alpha;
}
#endif
