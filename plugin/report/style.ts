import { graphics } from "./style-graphics.ts";

const light = `--ground:#fff;--raised:#f6f8fa;--line:#d8dee4;--text:#1f2328;--muted:#57606a;--link:#0969da;
--red:#b3261e;--red-ground:#fff0ee;--amber:#7d4e00;--amber-ground:#fff7d6;--green:#116329;--green-ground:#eafbee;
--red-bar:#cf222e;--amber-bar:#bf8700;--green-bar:#2da44e;--blue-bar:#0969da;--gone:#c3cad2`;

const dark = `--ground:#0d1117;--raised:#151b23;--line:#2a313c;--text:#e6edf3;--muted:#9aa4af;--link:#6cb6ff;
--red:#ff8f86;--red-ground:#2c1518;--amber:#e8b84a;--amber-ground:#2a2110;--green:#5fd273;--green-ground:#10251a;
--red-bar:#f2564d;--amber-bar:#d29922;--green-bar:#3fb950;--blue-bar:#58a6ff;--gone:#3d4550`;

/** Everything the page looks like: for a laptop, a phone and paper, by day and by night. */
export const style = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:76rem;padding:2.5rem 2rem 3rem;background:var(--ground);color:var(--text);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
h1,h2,h3,h4,p,ul,ol,dl,dd,figure{margin:0}
ul,ol{padding:0;list-style:none}
code,pre{font-family:ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.86em}
a{color:var(--link);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
main:focus{outline:none}
time,.distance,.answer{white-space:nowrap}
.unseen{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;padding:.4rem .8rem;background:var(--ground)}
.mark{display:inline-block;min-width:1.15em;font-weight:700}
.mark.success{color:var(--green)}.mark.warning{color:var(--amber)}.mark.error{color:var(--red)}.mark.skipped{color:var(--muted)}
.short{color:var(--muted);white-space:nowrap}
.detail,.rule,.distance{color:var(--muted)}
.detail,.rule{font-size:.9em}

.eyebrow,.where{color:var(--muted);font-size:.9em}
h1{font-size:2rem;line-height:1.2;letter-spacing:-.02em;font-weight:650;margin:.15rem 0 .2rem}
.verdict{display:flex;align-items:center;gap:.8rem;margin:1.25rem 0;padding:.8rem 1rem;border-radius:10px;font-size:1.15rem;font-weight:600}
.verdict .sign,.finding>.sign{flex:none;display:grid;place-items:center;border-radius:50%;color:var(--ground);font-weight:700}
.verdict .sign{width:2rem;height:2rem;font-size:1.2rem}
.verdict.success{background:var(--green-ground);color:var(--green)}.verdict.success .sign{background:var(--green)}
.verdict.warning{background:var(--amber-ground);color:var(--amber)}.verdict.warning .sign{background:var(--amber)}
.verdict.error{background:var(--red-ground);color:var(--red)}.verdict.error .sign{background:var(--red)}
.figures{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:0 1.5rem;margin-bottom:1.75rem}
.figures>div{border-left:2px solid var(--line);padding-left:.8rem}
dt{color:var(--muted);font-size:.85em}
dd{font-weight:600;line-height:1.4}dd .detail{font-weight:400}

.part{display:grid;grid-template-columns:12.5rem minmax(0,1fr);gap:0 2rem;padding:1.75rem 0;border-top:1px solid var(--line)}
.head h2,.head h3{font-size:1.1rem;line-height:1.3;letter-spacing:-.01em;font-weight:650}
.head p{margin-top:.3rem;color:var(--muted);font-size:.85em;line-height:1.45}
.cluster{margin-top:2rem;border-top:3px solid var(--text);padding-top:1rem}
.cluster>h2{font-size:1.5rem;letter-spacing:-.015em}
.cluster>.where{margin-bottom:1rem}
.calm{font-size:1.05em}

.finding{display:flex;gap:.9rem;padding:0 0 1.25rem}
.finding:last-child{padding-bottom:0}
.finding>.sign{width:1.5rem;height:1.5rem;font-size:.95rem;margin-top:.05rem}
.finding.error>.sign{background:var(--red)}.finding.warning>.sign{background:var(--amber)}
.finding>div:last-child{flex:1;min-width:0}
.finding h3,.finding h4{font-size:1.02rem;line-height:1.45;font-weight:650}
.more{margin:.35rem 0;padding-left:.9rem;border-left:2px solid var(--line)}
.more li{margin:.25rem 0}
.remedy{margin-top:.4rem}
.tag{display:inline-block;margin-right:.35rem;padding:0 .5em;border-radius:4px;background:var(--text);color:var(--ground);font-size:.78em;font-weight:600;line-height:1.6}
.commands{margin:.5rem 0;padding:.55rem .8rem;border-radius:6px;background:var(--raised);border:1px solid var(--line);white-space:pre-wrap}
.commands .line{display:block;padding-left:1.5em;text-indent:-1.5em;user-select:all}
.line span{display:inline-block;max-width:100%;text-indent:0}
.rule{margin-top:.3rem}
.unread li+li{margin-top:1rem}

.moments{counter-reset:moment;display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:1rem 2rem;margin-top:1rem}
.moments li{counter-increment:moment;position:relative;padding-left:2.4rem;line-height:1.4}
.moments li::before{content:counter(moment);position:absolute;left:0;top:0;width:1.75rem;text-align:center;border-radius:10px;
color:var(--ground);background:var(--muted);font-size:.8rem;font-weight:600;line-height:1.25rem}
.moments .renewal::before{background:var(--link)}
.moments .urgent::before{background:var(--red)}.moments .urgent .when,.moments .urgent .distance{color:var(--red)}
.when{font-size:.9em}

table{width:100%;border-collapse:collapse;font-size:.93em;table-layout:fixed;overflow-wrap:break-word}
.w10{width:10%}.w15{width:15%}.w20{width:20%}.w25{width:25%}.w30{width:30%}.w35{width:35%}
table+table,table+.calm{margin-top:1.75rem}
th,td{padding:.5rem .9rem .5rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{padding-top:0;color:var(--muted);font-size:.85em;font-weight:500;vertical-align:bottom}
tbody th{font-weight:600}
tbody tr:last-child>*{border-bottom:0}
.plain li+li{margin-top:.1rem}
summary{cursor:pointer;color:var(--link)}
.groups{columns:2;column-gap:2.5rem}
.group{break-inside:avoid;margin-bottom:1.25rem}
.group h3,.group h4{font-size:.85em;font-weight:600;color:var(--muted);margin-bottom:.2rem}
.asked li{padding-left:1.35em;text-indent:-1.35em;font-size:.93em;margin:.15rem 0}
.asked .mark{min-width:1.35em;text-indent:0}.asked .detail{text-indent:0}
footer{border-top:1px solid var(--line);padding-top:1rem;color:var(--muted);font-size:.85em}
${graphics}
@media (max-width:52rem){
.part{display:block;padding:1.5rem 0}.head{margin-bottom:.9rem}
.groups{columns:1}
.figures{grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:1rem}
}
@media (max-width:40rem){
body{padding:1.25rem 1rem 2rem}
h1{font-size:1.6rem}
table,tbody,tr,tbody th,td{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{padding:.7rem 0;border-bottom:1px solid var(--line)}tbody tr:first-child{padding-top:0}
tbody tr:last-child{border-bottom:0}
tbody th,td{border:0;padding:.1rem 0}
td{display:grid;grid-template-columns:7rem minmax(0,1fr);gap:.5rem}
td::before{content:attr(data-title);color:var(--muted);font-size:.9em}
}
@media print{
:root{color-scheme:light;${light}}
body{max-width:none;padding:0;font-size:10pt}
.skip{display:none}
.part{grid-template-columns:8.5rem minmax(0,1fr);gap:0 1.2rem;padding:1rem 0}
.finding,.moments li,tr,.node,figure,.figures,.verdict{break-inside:avoid}
.head,h2,h3,h4{break-after:avoid}
.verdict,.finding>.sign,.tag,.node,.chart,.moments li::before{-webkit-print-color-adjust:exact;print-color-adjust:exact}
a{color:inherit;text-decoration:none}.rule a{font-family:monospace}
details::details-content{display:block;content-visibility:visible}
}
`;
