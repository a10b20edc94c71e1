// The few that stand out: told apart by shape as well as by hue. Lengths are CSS pixels until they are drawn.
const float STROKE = 1.6;
const float GAP = 1.4;

#ifdef VERTEX
uniform vec3 u_accent;
uniform vec3 u_ink_color;
uniform vec3 u_kept;
uniform vec3 u_lost;
uniform vec3 u_gained;
uniform float u_selected_diameter;
// 1: the halos beneath the selected; 0: the items.
uniform bool u_halo;

flat out vec3 v_fill;
flat out vec3 v_stroke;
flat out uint v_flags;
flat out float v_alpha;
flat out float v_radius;
flat out float v_ring;
flat out float v_extent;
flat out ivec2 v_tile;

float radius() {
  float base = 0.5 * max(u_ink.x, 0.86 * u_picture);
  if (u_picture > 0.0) return (a_flags & (FOCUSED | HOVERED)) == 0u ? base : max(1.35 * base, 11.0);
  if ((a_flags & FOCUSED) != 0u) return max(1.5 * base, 6.0);
  if ((a_flags & HOVERED) != 0u) return max(1.3 * base, 5.0);
  if ((a_flags & SIGNS) != 0u) return max(base, 2.6);
  return 0.5 * u_selected_diameter;
}

vec3 strokeColor() {
  if ((a_flags & FOCUSED) != 0u) return u_accent;
  if ((a_flags & HOVERED) != 0u) return u_ink_color;
  if ((a_flags & GAINED) != 0u) return u_gained;
  if ((a_flags & LOST) != 0u) return u_lost;
  return u_kept;
}

void main() {
  v_alpha = presence();
  bool skipped = u_halo && (a_flags & SELECTED) == 0u;
  if (skipped || (a_flags & HIDDEN) != 0u || v_alpha <= 0.0) {
    gl_Position = NOWHERE;
    gl_PointSize = 1.0;
    return;
  }
  gl_Position = place();
  v_flags = a_flags;
  v_fill = u_halo ? u_accent : shade();
  v_stroke = strokeColor();
  v_radius = radius();
  v_ring = ring();
  v_tile = u_picture > 0.0 ? ivec2(gl_VertexID % u_columns, gl_VertexID / u_columns) : ivec2(0);
  float beyond = (a_flags & SIGNS) != 0u ? 7.0 : 2.0 + GAP + 2.0 * STROKE;
  v_extent = (v_radius + beyond) * u_ratio;
  gl_PointSize = 2.0 * v_extent;
}
#endif

#ifdef FRAGMENT
uniform bool u_halo;

flat in vec3 v_fill;
flat in vec3 v_stroke;
flat in uint v_flags;
flat in float v_alpha;
flat in float v_radius;
flat in float v_ring;
flat in float v_extent;
flat in ivec2 v_tile;

float ring(vec2 p, float radius) {
  return abs(length(p) - radius) - 0.5 * STROKE;
}

// A triangle that points down (p.y grows downwards), its sides `inner` away from the centre.
float down(vec2 p, float inner) {
  return max(dot(vec2(abs(p.x), p.y), vec2(0.8660254, 0.5)), -p.y) - inner;
}

float plus(vec2 p, float reach) {
  vec2 q = abs(p);
  q = q.x > q.y ? q : q.yx;
  vec2 d = q - vec2(reach, 0.5 * STROKE + 0.4);
  return max(d.x, d.y);
}

// Signed distance to the outline that tells what the item is.
float sign_(vec2 p) {
  if ((v_flags & (FOCUSED | HOVERED)) != 0u) return ring(p, v_radius + GAP + 0.5 * STROKE);
  if ((v_flags & GAINED) != 0u) return plus(p, v_radius + 4.4);
  if ((v_flags & LOST) != 0u) return abs(down(p - vec2(0.0, 0.6), v_radius + 1.1)) - 0.5 * STROKE;
  if ((v_flags & KEPT) != 0u) return ring(p, v_radius + GAP + 0.5 * STROKE);
  return 1e3;
}

float rim(float disc) {
  return smoothstep(1.6, 3.0, v_radius) * (1.0 - within((disc + 1.0) * u_ratio));
}

vec4 over(vec4 top, vec4 below) {
  return top + below * (1.0 - top.a);
}

vec4 layer(vec3 color, float distance_) {
  return vec4(color, 1.0) * within(distance_ * u_ratio);
}

void main() {
  vec2 p = (gl_PointCoord - 0.5) * 2.0 * v_extent / u_ratio;
  float disc = length(p) - v_radius;
  vec4 color;
  if (u_halo) {
    color = layer(v_fill, disc - min(1.4, 0.5 * v_radius + 0.3));
  } else {
    float mark = sign_(p);
    vec4 beneath = layer(u_paper, min(mark, disc) - 1.2) * 0.9;
    color = mark > 100.0 ? vec4(0.0) : beneath;
    // A picture fills its square, a little more than the disc.
    vec4 body = u_picture > 0.0 ? pictureAt(v_tile, 0.43 * p / v_radius + 0.5) : layer(v_fill, disc);
    // Rims keep selected neighbours apart.
    if (mark > 100.0 && u_picture <= 0.0) body.rgb = mix(body.rgb, u_paper * body.a, 0.5 * rim(disc));
    vec4 outline = layer(v_stroke, mark);
    color = over(body, over(outline, color));
    float outline_ = abs(disc - RING_GAP - 0.5 * RING_STROKE) - 0.5 * RING_STROKE;
    if (mark > 100.0) color = over(color, layer(v_fill, outline_) * v_ring);
  }
  color *= v_alpha;
  if (color.a <= 0.0) discard;
  o_color = color;
}
#endif
