// Package match finds the rows of tables that are the same person or company.
//
// It is probabilistic record linkage after Fellegi and Sunter (1969): every
// comparison of two values adds evidence in bits, log2 of how much more often
// that outcome is seen among rows of one entity (m) than among rows of two (u).
// Nothing has to be labelled: m is learned by expectation and maximisation, u by
// counting pairs. How values are compared follows from the kinds of the
// columns, never from their names.
//
//	rows -> blocking -> candidate pairs -> levels -> EM -> evidence -> clusters
//
// Results depend on the rows alone: not on their order, not on scheduling.
//
// Beside the two classes of Fellegi and Sunter there are relations (Larsen and
// Rubin 2001 use such a third class): people of one household or company, firms
// in one house, works of one maker. They agree in some columns as if they were
// one entity, and in others as strangers do. How many such pairs a table holds is
// learned with the rest, so that families are not taken for duplicates.
package match
