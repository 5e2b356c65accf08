/** The timeline and the tree. */
export const graphics = `
figure{margin-bottom:.25rem}
figcaption{color:var(--muted);font-size:.85em}
.chart{display:block;overflow:visible}
.chart text{font-size:13px;fill:var(--text);paint-order:stroke;stroke:var(--ground);stroke-width:5px;stroke-linejoin:round}
.chart .flags text{stroke:none}
.chart text,.chart tspan{font-variant-numeric:tabular-nums}
.chart .part,.chart .grid text,.chart .end tspan{fill:var(--muted)}
.chart .part,.chart .end tspan{font-size:12px}
.grid text,.now text{font-size:11.5px}
.grid line{stroke:var(--line)}
.now line{stroke:var(--text);stroke-width:1.5}
.chart .now text{font-weight:700}
.track{fill:var(--line);opacity:.55}
.gone{fill:var(--gone)}
.fine .left{fill:var(--green-bar)}.soon .left{fill:var(--amber-bar)}.early .left{fill:var(--blue-bar)}
.past .gone{fill:var(--red-bar)}.chart .past .end,.chart .past .end tspan{fill:var(--red)}
.chart .soon .end,.chart .soon .end tspan{fill:var(--amber)}
.flags rect{fill:var(--muted)}.flags .renewal rect{fill:var(--link)}
.chart .flags text{fill:var(--ground);font-size:11.5px;font-weight:600}
.slim{display:none}

.tree ul{margin-left:.55rem;padding-left:1.45rem}
.tree li{position:relative;padding-top:.6rem}
.tree>li:first-child{padding-top:0}
.tree ul>li::before{content:"";position:absolute;left:-1.45rem;top:0;width:1.45rem;height:1.9rem;border-left:1.5px solid var(--gone);border-bottom:1.5px solid var(--gone);border-bottom-left-radius:8px}
.tree ul>li:not(:last-child)::after{content:"";position:absolute;left:-1.45rem;top:0;bottom:0;border-left:1.5px solid var(--gone)}
.node{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.05rem 1.25rem;padding:.5rem .9rem .6rem;border:1px solid var(--line);border-left:4px solid var(--gone);border-radius:8px;background:var(--raised)}
.node>*{grid-column:1/-1}
.node .who{grid-column:1}.node .until{grid-column:2;grid-row:1}
.node.proxies .who{grid-column:1/-1}
.node .name{font-weight:650}
.node.active{border-left-color:var(--green-bar)}.node.incoming{border-left-color:var(--blue-bar)}
.node.outgoing{border-left-color:var(--amber-bar)}.node.refused{border-left-color:var(--red-bar)}
.kind{color:var(--muted)}
.role{margin-left:.25rem;padding:.05rem .45rem;border:1px solid var(--line);border-radius:99px;font-size:.8em;background:var(--ground)}
.until{font-size:.93em}.until.past,.until.past .distance{color:var(--red)}.until.soon,.until.soon .distance{color:var(--amber)}
.whole{color:var(--muted);font-size:.78em}
@media (max-width:40rem){
.wide{display:none}.slim{display:inline}
.node .until{grid-column:1;grid-row:auto}
.tree ul{margin-left:.2rem;padding-left:.9rem}
.tree ul>li::before{left:-.9rem;width:.9rem}.tree ul>li:not(:last-child)::after{left:-.9rem}
.moments{grid-template-columns:1fr}
}
`;
