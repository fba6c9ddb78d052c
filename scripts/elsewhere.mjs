// Reads exports with parsers of other programs; prints one JSON object a line: format, entries, errors, first titles.
import fs from 'node:fs'
import { Cite } from '@citation-js/core'
import '@citation-js/plugin-csl'
import '@citation-js/plugin-ris'
import { parse } from '@retorquere/bibtex-parser'

const [folder] = process.argv.slice(2)
const read = name => fs.readFileSync(`${folder}/${name}`, 'utf8')
const tell = (format, entries, errors, people) => console.log(JSON.stringify({ format, entries, errors, people }))

for (const [format, name] of [['bibtex', 'bibtex.bib'], ['biblatex', 'biblatex.bib']]) {
  const library = parse(read(name))
  const people = library.entries.map(one => (one.fields.author || []).length)
  tell(format, library.entries.length, library.errors.length, people)
}
for (const [format, name] of [['ris', 'ris.ris'], ['csl-json', 'csl-json.json']]) {
  const found = new Cite(read(name)).data
  tell(format, found.length, 0, found.map(one => (one.author || []).length))
}
