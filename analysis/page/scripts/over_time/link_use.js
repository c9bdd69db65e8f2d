// How much of its bandwidth each class of links uses, bin by bin.
import {binEnd, end} from './view.js';
import {clamp, colour, percent, time} from './words.js';

export const linkUse = ({rows, start, values}) => {
  const items = rows.map((_, r) => start.map((from, i) => ({from, to: binEnd(i), value: values[r * start.length + i]})));
  return {
    rows, items, rowHeight: clamp(Math.floor(640 / rows.length), 8, 26),
    columns: ['Class of links', 'From', 'To', 'Used'],
    paint(brush, some, top, x) {
      brush.fillStyle = colour('--heat');
      for (let i = 0; i < some.length;) {
        const left = x(some[i].from);
        let sum = 0, count = 0, right = left;
        while (i < some.length && (right < left + 1 || count === 0)) {  // bins that share a pixel: their mean
          sum += some[i].value ?? 0;
          right = x(some[i].to);
          ++count, ++i;
        }
        brush.globalAlpha = clamp(sum / count, 0, 1);
        brush.fillRect(left, top + 2, right - left + .25, this.rowHeight - 4);
      }
      brush.globalAlpha = 1;
    },
    say: (r, item) => [percent(item.value) + ' used', rows[r], `${time(item.from, end)} to ${time(item.to, end)}`],
    cells: (r, item) => [rows[r], time(item.from, end, end / 1e5), time(item.to, end, end / 1e5), percent(item.value)],
  };
};
