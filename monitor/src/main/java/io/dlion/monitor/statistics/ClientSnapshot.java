package io.dlion.monitor.statistics;

import io.dlion.core.WorkerId;

/**
 * How a client stands, in the family with a server. Immutable.
 *
 * @param server whither its last commit went; itself where it serves
 * @param stepsSinceCommit iterations that ended since its last commit left
 * @param commits that left so far
 * @param periodCommits those of them in the present check period
 * @param periodTarget commits that it is to have made by the end of the period; 0 where the method
 *     has no periods
 */
public record ClientSnapshot(
    WorkerId server, long stepsSinceCommit, long commits, int periodCommits, int periodTarget) {}
