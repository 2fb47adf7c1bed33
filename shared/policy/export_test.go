package policy

// Countries are the codes that count as countries.
const Countries = countries
