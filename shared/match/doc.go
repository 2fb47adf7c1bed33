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
package match
