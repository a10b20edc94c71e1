// The many: round points, those with flags left to the marks pass.
#ifdef VERTEX
// 1 when something stands out and the rest steps back.
uniform float u_dim;
uniform vec3 u_context;

out vec4 v_color;
flat out float v_radius;
flat out float v_extent;
flat out float v_ring;

void main() {
  float alpha = presence() * u_ink.y;
  if (!mine() || alpha <= 0.0) {
    gl_Position = NOWHERE;
    gl_PointSize = 1.0;
    return;
  }
  gl_Position = place();
  v_color = vec4(mix(shade(), u_context, u_dim), alpha * mix(1.0, 0.72, u_dim) * mix(1.0, 0.3, fade()));
  v_radius = 0.5 * u_ink.x * u_ratio;
  v_ring = ring() * presence();
  v_extent = v_radius + 0.5 + (v_ring > 0.0 ? (RING_GAP + RING_STROKE) * u_ratio : 0.0);
  gl_PointSize = 2.0 * v_extent;
}
#endif

#ifdef FRAGMENT
in vec4 v_color;
flat in float v_radius;
flat in float v_extent;
flat in float v_ring;

void main() {
  float d = length(gl_PointCoord - 0.5) * 2.0 * v_extent - v_radius;
  // Large points get a rim of paper, so that neighbours stay apart.
  float rim = 0.55 * smoothstep(2.0, 3.5, v_radius / u_ratio) * (1.0 - within(d + 1.2 * u_ratio));
  float alpha = v_color.a * within(d);
  float outline = v_ring * within(abs(d - (RING_GAP + 0.5 * RING_STROKE) * u_ratio) - 0.5 * RING_STROKE * u_ratio);
  if (alpha + outline <= 0.0) discard;
  // They do not overlap: a gap is between them.
  o_color = vec4(mix(v_color.rgb, u_paper, rim), 1.0) * alpha + vec4(v_color.rgb, 1.0) * outline;
}
#endif
