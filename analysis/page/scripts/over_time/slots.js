// Who does what when: a row for each rank, a box for each slot.
import {end} from './view.js';
import {clamp, colour, inkOn, time} from './words.js';

export const slots = ({rows, phases, colours, row, phase, microbatch, chunk, start, finish}) => {
  const items = rows.map(() => []);
  start.forEach((from, i) => items[row[i]].push(
    {from, to: finish[i], phase: phase[i], microbatch: microbatch[i] ?? -1, chunk: chunk[i] ?? 0}));
  items.forEach(list => list.sort((a, b) => a.from - b.from || a.to - b.to));
  const chunked = chunk.some(c => c > 0);
  const rowHeight = clamp(Math.floor(640 / rows.length), 8, 30);
  const name = item => phases[item.phase] + (item.microbatch < 0 ? '' : `, microbatch ${item.microbatch}`) +
                       (chunked ? `, chunk ${item.chunk}` : '');
  return {
    rows, items, rowHeight, columns: ['Rank class', 'Slot', 'Start', 'Finish', 'Duration'],
    paint(brush, some, top, x) {
      const fill = colours.map(c => colour(c ? `--c${c}` : '--hatch')), ink = fill.map(inkOn);
      brush.textAlign = 'center';
      let drawn = -1, drawnPhase = -1;
      for (const item of some) {
        const left = x(item.from), right = Math.max(x(item.to), left + .5);
        if (right < drawn + .5 && item.phase === drawnPhase) continue;  // within a pixel that shows it already
        drawn = Math.floor(right), drawnPhase = item.phase;
        brush.fillStyle = fill[item.phase];
        const gap = right - left > 4 ? 1 : 0;
        brush.fillRect(left, top + 2, right - left - gap, rowHeight - 4);
        if (item.microbatch < 0 || rowHeight < 18 || right - left < 12 || right - left < brush.measureText(item.microbatch).width + 6) continue;
        brush.fillStyle = ink[item.phase];
        brush.fillText(item.microbatch, (left + right - gap) / 2, top + rowHeight / 2);
      }
      brush.textAlign = 'left';
    },
    say: (r, item) => [name(item), rows[r],
                       `${time(item.from, end)} to ${time(item.to, end)}: ${time(item.to - item.from)}`],
    cells: (r, item) => [rows[r], name(item), time(item.from, end, end / 1e5), time(item.to, end, end / 1e5),
                         time(item.to - item.from)],
  };
};
