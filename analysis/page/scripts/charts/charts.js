// The charts that a library draws, each when it comes into view. All their numbers stand in tables, too.
'use strict';
import {mount} from './chart.js';
import {pareto} from './pareto.js';
import {points} from './points.js';
import {samples} from './samples.js';

const data = JSON.parse(document.getElementById('data').textContent);
const kinds = {pareto, points, samples};
for (const figure of document.querySelectorAll('.chart')) {
  const name = figure.dataset.chart;
  figure.hidden = false;
  mount(figure, kinds[name], data[name]);
}
