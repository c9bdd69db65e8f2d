// A chart in its frame: drawn when it comes into view, fitted to its width, walked through by keyboard.
import {init} from './library.js';

const calm = matchMedia('(prefers-reduced-motion: reduce)');

// A small element with text.
export const element = (tag, text, attributes = {}) => {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

// Text of a number on an axis: `{unit, decimals}` as the page's tables write it.
export const number = (value, {decimals = 0} = {}) =>
  value == null ? 'n/a' : value.toLocaleString('en', {maximumFractionDigits: decimals});
export const quantity = (value, axis) => number(value, axis) + (axis.unit && value != null ? `\u00a0${axis.unit}` : '');
export const titled = axis => axis.title + (axis.unit ? ` (${axis.unit})` : '');

// What all charts share of their looks. `wide`: a decade and more is shown by logarithms.
const ink = {color: 'var(--quiet)', fontSize: 12, fontFamily: 'inherit'};
export const grid = {left: 12, right: 32, top: 36, bottom: 36, containLabel: true};
export const across = {nameLocation: 'middle', nameGap: 30, boundaryGap: ['4%', '4%']};
export const up = {nameTextStyle: {...ink, align: 'left'}};
export const label = of => ({...ink, hideOverlap: true, formatter: value => number(value, {decimals: of.decimals})});
export const axis = (of, values, more = {}) => {
  const known = values.filter(value => value != null);
  const wide = known.every(value => value > 0) && Math.max(...known) > 20 * Math.min(...known);
  return {
    type: wide ? 'log' : 'value', scale: true, name: titled(of), nameTextStyle: ink,
    axisLine: {show: true, lineStyle: {color: 'var(--strong)'}}, axisTick: {show: false}, axisLabel: label(of),
    splitLine: {lineStyle: {color: 'var(--line)'}}, ...more,
  };
};

// A row of choices; `chosen` is called with the index of each.
let groups = 0;
export const choices = (title, names, chosen) => {
  const set = element('fieldset', '', {class: 'choices'}), group = `choice-${++groups}`;
  set.append(element('legend', title));
  names.forEach((name, i) => {
    const label = element('label', ''), box = element('input', '', {type: 'radio', name: group});
    box.checked = i === 0;
    box.addEventListener('change', () => chosen(i));
    label.append(box, element('span', name));
    set.append(label);
  });
  return set;
};

export const menu = (title, names, first, chosen) => {
  const label = element('label', `${title} `, {class: 'menu'}), list = element('select', '');
  names.forEach((name, i) => list.append(element('option', name, {value: i})));
  list.selectedIndex = first;
  list.addEventListener('change', () => chosen(list.selectedIndex));
  label.append(list);
  return label;
};

// `kind(data, tools, redraw)` fills the frame's tools and returns `{option(), stops(), go(stop)}`: what is drawn; where
// the keyboard stops, as `{series, index, text: [line, ...]}` in order; and what Enter does there.
export const mount = (figure, kind, data) => {
  const place = figure.querySelector('.drawn'), said = figure.querySelector('output');
  let chart = null, at = -1;
  const redraw = () => {
    at = -1;
    chart?.setOption({...common(), ...made.option()}, {notMerge: true});
  };
  const made = kind(data, figure.querySelector('.tools'), redraw);

  const card = lines => {
    const box = element('div', '', {class: 'card'});
    lines.forEach((line, i) => box.append(element(i ? 'span' : 'b', line)));
    return box;
  };
  const common = () => ({
    animation: !calm.matches, animationDuration: 250, textStyle: {fontFamily: 'inherit'},
    tooltip: {
      trigger: 'item', confine: true, className: 'hint', transitionDuration: 0, borderWidth: 0, padding: 0,
      backgroundColor: 'transparent', extraCssText: 'box-shadow:none',
      formatter: ({seriesIndex, dataIndex}) => {
        const stop = made.stops().find(({series, index}) => series === seriesIndex && index === dataIndex);
        return stop ? card(stop.text) : '';
      },
    },
  });

  const draw = () => {
    if (chart) return;
    chart = init(place, null, {renderer: 'svg'});
    redraw();
    new ResizeObserver(() => chart.resize()).observe(place);
  };
  new IntersectionObserver((entries, watcher) => {
    if (!entries.some(entry => entry.isIntersecting)) return;
    watcher.disconnect();
    draw();
  }, {rootMargin: '200px'}).observe(figure);
  addEventListener('beforeprint', draw);

  const show = next => {
    const stops = made.stops();
    if (!stops.length) return;
    at = Math.min(Math.max(next, 0), stops.length - 1);
    const {series, index, text} = stops[at];
    chart.dispatchAction({type: 'showTip', seriesIndex: series, dataIndex: index});
    said.textContent = text.join(', ');
  };
  const hide = () => {
    at = -1;
    chart?.dispatchAction({type: 'hideTip'});
  };
  const keys = {
    ArrowRight: () => show(at + 1), ArrowDown: () => show(at + 1), ArrowLeft: () => show(at - 1), ArrowUp: () => show(at - 1),
    Home: () => show(0), End: () => show(Infinity), Escape: hide,
    Enter: () => at >= 0 && made.go?.(made.stops()[at]),
  };
  place.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    draw();
    keys[event.key]();
  });
  place.addEventListener('blur', hide);
};
