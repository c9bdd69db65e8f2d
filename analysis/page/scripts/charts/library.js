// Apache ECharts: only what the charts of a page use. It draws SVG, so colours can be those of the page's style sheet:
// they follow the reader's scheme, and print, without being drawn again.
/*! Apache ECharts, Apache License 2.0, Copyright The Apache Software Foundation; ZRender, BSD 3-Clause License, Copyright (c) 2017, Baidu Inc.; tslib, BSD Zero Clause License, Copyright (c) Microsoft Corporation */
import {BarChart, CustomChart, LineChart, ScatterChart} from 'echarts/charts';
import {GridComponent, MarkLineComponent, TooltipComponent} from 'echarts/components';
import {init, use} from 'echarts/core';
import {LabelLayout} from 'echarts/features';
import {SVGRenderer} from 'echarts/renderers';

use([BarChart, CustomChart, LabelLayout, LineChart, ScatterChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);
export {init};
