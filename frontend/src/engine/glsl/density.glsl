// Where A is dense and B is not, in A's hue, and the other way round in B's; grey where both are alike.
#ifdef VERTEX
// The grid's corners, in clip units.
uniform vec4 u_box;

out vec2 v_cell;

void main() {
  v_cell = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  gl_Position = vec4(mix(u_box.xy, u_box.zw, v_cell), 0.0, 1.0);
}
#endif

#ifdef FRAGMENT
uniform sampler2D u_cells;
uniform vec3 u_a;
uniform vec3 u_b;
uniform vec3 u_alike;

in vec2 v_cell;

void main() {
  vec2 cell = texture(u_cells, v_cell).rg;
  float side = 2.0 * cell.r - 1.0;
  // Small differences are many, and those that tell: they take most of the ramp, as the legend has it.
  float apart = pow(clamp((abs(side) - 0.03) / 0.97, 0.0, 1.0), 0.6);
  vec3 color = mix(u_alike, side < 0.0 ? u_a : u_b, apart);
  o_color = vec4(color, 1.0) * mix(0.55, 0.97, min(1.6 * apart, 1.0)) * smoothstep(0.03, 0.85, cell.g);
}
#endif
