/** The words around a statement, in its language. */
export interface Words {
  readonly sampleInput: string;
  readonly sampleOutput: string;
  readonly sampleInteraction: string;
  readonly read: string;
  readonly write: string;
  readonly nextPass: string;
  readonly cut: string;
  readonly license: string;
  readonly source: string;
  readonly authors: string;
  readonly rights: string;
  readonly attachments: string;
}

const english: Words = {
  sampleInput: "Sample Input",
  sampleOutput: "Sample Output",
  sampleInteraction: "Sample Interaction",
  read: "Read",
  write: "Write",
  nextPass: "next pass",
  cut: "cut here; the attachments hold the whole file",
  license: "License",
  source: "Source",
  authors: "Authors",
  rights: "Rights",
  attachments: "Attachments",
};

const translated: Readonly<Record<string, Partial<Words>>> = {
  de: {
    sampleInput: "Beispieleingabe",
    sampleOutput: "Beispielausgabe",
    license: "Lizenz",
    source: "Quelle",
    authors: "Autoren",
    rights: "Rechte",
    attachments: "Anhänge",
  },
  fr: {
    sampleInput: "Exemple d’entrée",
    sampleOutput: "Exemple de sortie",
    license: "Licence",
    source: "Source",
    authors: "Auteurs",
    rights: "Droits",
    attachments: "Pièces jointes",
  },
  es: {
    sampleInput: "Entrada de ejemplo",
    sampleOutput: "Salida de ejemplo",
    license: "Licencia",
    source: "Fuente",
    authors: "Autores",
    rights: "Derechos",
    attachments: "Adjuntos",
  },
  it: {
    sampleInput: "Input di esempio",
    sampleOutput: "Output di esempio",
    license: "Licenza",
    source: "Fonte",
    authors: "Autori",
    rights: "Diritti",
    attachments: "Allegati",
  },
  nl: {
    sampleInput: "Voorbeeldinvoer",
    sampleOutput: "Voorbeelduitvoer",
    license: "Licentie",
    source: "Bron",
    authors: "Auteurs",
    rights: "Rechten",
    attachments: "Bijlagen",
  },
  sv: {
    sampleInput: "Exempel på indata",
    sampleOutput: "Exempel på utdata",
    license: "Licens",
    source: "Källa",
    authors: "Författare",
    rights: "Rättigheter",
    attachments: "Bilagor",
  },
  pl: {
    sampleInput: "Przykładowe wejście",
    sampleOutput: "Przykładowe wyjście",
    license: "Licencja",
    source: "Źródło",
    authors: "Autorzy",
    rights: "Prawa",
    attachments: "Załączniki",
  },
  uk: {
    sampleInput: "Приклад вхідних даних",
    sampleOutput: "Приклад вихідних даних",
    license: "Ліцензія",
    source: "Джерело",
    authors: "Автори",
    rights: "Права",
    attachments: "Вкладення",
  },
  ru: {
    sampleInput: "Пример ввода",
    sampleOutput: "Пример вывода",
    license: "Лицензия",
    source: "Источник",
    authors: "Авторы",
    rights: "Права",
    attachments: "Вложения",
  },
};

export const wordsOf = (language: string): Words => {
  const base = language.split("-")[0] ?? language;
  return { ...english, ...(Object.hasOwn(translated, base) ? translated[base] : {}) };
};
