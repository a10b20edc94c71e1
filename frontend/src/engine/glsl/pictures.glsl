// The items' own pictures, those with flags left to the marks pass.
#ifdef VERTEX
// 1 when something stands out and the rest steps back.
uniform float u_dim;
// Opacity of the colour behind a picture; 0 is none.
uniform float u_back;

out vec4 v_back;
flat out ivec2 v_tile;
flat out float v_alpha;
flat out float v_side;

void main() {
  float alpha = presence();
  if (!mine() || alpha <= 0.0) {
    gl_Position = NOWHERE;
    gl_PointSize = 1.0;
    return;
  }
  gl_Position = place();
  v_alpha = alpha * mix(1.0, 0.16, u_dim) * mix(1.0, 0.3, fade());
  v_back = vec4(shade(), u_back);
  v_tile = ivec2(gl_VertexID % u_columns, gl_VertexID / u_columns);
  v_side = (u_picture + (u_back > 0.0 ? 5.0 : 0.0)) * u_ratio;
  gl_PointSize = v_side;
}
#endif

#ifdef FRAGMENT
in vec4 v_back;
flat in ivec2 v_tile;
flat in float v_alpha;
flat in float v_side;

void main() {
  vec2 p = (gl_PointCoord - 0.5) * v_side;
  float grown = v_side / (u_picture * u_ratio);
  vec4 color = pictureAt(v_tile, (gl_PointCoord - 0.5) * grown + 0.5);
  if (v_back.a > 0.0) {
    vec2 q = abs(p) - 0.5 * v_side + 4.0 * u_ratio;
    float box = length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - 4.0 * u_ratio;
    vec4 back = vec4(v_back.rgb, 1.0) * v_back.a * within(box + 0.5);
    color = color + back * (1.0 - color.a);
  }
  color *= v_alpha;
  if (color.a <= 0.0) discard;
  o_color = color;
}
#endif
