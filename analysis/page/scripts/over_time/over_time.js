// Draws the charts over time. All else on the page works without it.
'use strict';
import {makeChart} from './chart.js';
import {linkUse} from './link_use.js';
import {slots} from './slots.js';
import {charts, heat, timeline} from './view.js';
import {all} from './words.js';

const kinds = {timeline: () => slots(timeline), heat: () => linkUse(heat)};
for (const figure of all('.over-time')) makeChart(figure, kinds[figure.dataset.chart]());
for (const query of ['(prefers-color-scheme: dark)', 'print'])
  matchMedia(query).addEventListener('change', () => charts.forEach(chart => chart.draw()));
charts.forEach(chart => chart.draw());
