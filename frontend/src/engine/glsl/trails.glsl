// The way of an item from A to B, one instance each: fine where it begins, broad and with a head where it ends.
#ifdef VERTEX
layout(location = 0) in vec4 a_ends;
layout(location = 1) in vec4 a_color;
layout(location = 2) in float a_dashed;

// Shares of the way at t = 0 and t = 1.
uniform vec2 u_ends;
uniform vec2 u_center;
// Clip units for one data unit, and for one CSS pixel.
uniform vec2 u_unit;
uniform vec2 u_pixel;
uniform float u_opacity;
// What the width of all is multiplied with.
uniform float u_breadth;

flat out vec4 v_color;
flat out float v_dashed;
flat out float v_length;
// CSS pixels from the line's middle, and from its beginning.
out vec2 v_at;

const float MOST = 6.0;

void main() {
  vec2 begin = (mix(a_ends.xy, a_ends.zw, u_ends.x) - u_center) * u_unit;
  vec2 end = (mix(a_ends.xy, a_ends.zw, u_ends.y) - u_center) * u_unit;
  vec2 way = (end - begin) / u_pixel;
  float distance_ = length(way);
  if (distance_ < 0.5) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    return;
  }
  vec2 along = way / distance_;
  float reach = MOST * u_breadth;
  // A little beyond both ends, for the rim.
  float at = mix(-2.0, distance_ + 2.0, float(gl_VertexID & 1));
  float off = (2.0 * float(gl_VertexID >> 1) - 1.0) * reach;
  gl_Position = vec4(begin + (along * at + vec2(-along.y, along.x) * off) * u_pixel, 0.0, 1.0);
  v_at = vec2(off, at);
  v_length = distance_;
  v_dashed = a_dashed;
  v_color = vec4(a_color.rgb, u_opacity);
}
#endif

#ifdef FRAGMENT
uniform float u_breadth;

flat in vec4 v_color;
flat in float v_dashed;
flat in float v_length;
in vec2 v_at;

const float DASH = 3.0;
const float PERIOD = 6.0;
// Half widths where it begins, where the head begins, and of the head.
const vec3 HALF = vec3(0.35, 1.1, 3.6);
const float HEAD = 8.0;
const float RIM = 1.0;

// Half of the width at a place, below 0 beyond its ends.
float half_(float at) {
  float head = min(HEAD * u_breadth, 0.5 * v_length);
  float left = v_length - at;
  if (at < 0.0 || left < 0.0) return -1.0;
  if (left < head) return HALF.z * u_breadth * left / (HEAD * u_breadth);
  return mix(HALF.x, HALF.y, at / v_length) * u_breadth;
}

void main() {
  float broad = half_(v_at.y);
  float off = abs(v_at.x);
  float share = clamp(v_at.y / v_length, 0.0, 1.0);
  // A line finer than a pixel is fainter, not broken.
  float seen = max(broad, 0.5 / u_ratio);
  float line = broad < 0.0 ? 0.0 : within((off - seen) * u_ratio) * min(broad / seen, 1.0);
  if (v_dashed > 0.5 && mod(v_at.y, PERIOD) > DASH && v_length - v_at.y > HEAD) line = 0.0;
  line *= v_color.a * mix(0.45, 1.0, share);
  float rim = broad < 0.0 ? 0.0 : within((off - seen - RIM) * u_ratio) * 0.7 * v_color.a * share;
  float alpha = line + rim * (1.0 - line);
  if (alpha <= 0.0) discard;
  o_color = vec4(v_color.rgb * line + u_paper * rim * (1.0 - line), alpha);
}
#endif
