// The part of the run that all charts over time show.
import {clamp, time} from './words.js';

export const {timeline, heat} = JSON.parse(document.getElementById('data').textContent);
export const binEnd = i => heat.start[i + 1] ?? 2 * heat.start[i] - (heat.start[i - 1] ?? 0);
export const end = Math.max(...(timeline?.finish ?? []).reduce((most, t) => [Math.max(most[0], t)], [0]),
                     heat ? binEnd(heat.start.length - 1) : 0) || 1;
export const view = {from: 0, to: end};
export const charts = [];
let asked = false;
export const redraw = () => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; charts.forEach(chart => chart.draw()); });
};

// Says what is in view once it rests, in the figure that has the focus.
let resting = 0;
const announce = () => {
  clearTimeout(resting);
  resting = setTimeout(() => {
    const said = document.activeElement?.closest('.over-time')?.querySelector('.zoomed');
    if (said) said.textContent = `Showing ${time(view.from, end)} to ${time(view.to, end)}`;
  }, 300);
};
export const show = (from, to) => {
  const span = clamp(to - from, end * 1e-6, end);
  view.from = clamp(from, 0, end - span);
  view.to = view.from + span;
  redraw();
  announce();
};
export const zoom = (factor, at = (view.from + view.to) / 2) =>
  show(at - (at - view.from) * factor, at + (view.to - at) * factor);
export const pan = share => show(view.from + share * (view.to - view.from), view.to + share * (view.to - view.from));
export const actions = {in: () => zoom(1 / 2), out: () => zoom(2), earlier: () => pan(-1 / 3), later: () => pan(1 / 3),
                        fit: () => show(0, end)};
