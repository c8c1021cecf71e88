package io.dlion.cluster.worker;

import io.dlion.cluster.link.Channels;

/**
 * What a node's actions are carried out with.
 *
 * @param spec what the worker is to do
 * @param timers the clock, and what is to happen later
 * @param channels to the others
 * @param compute computes gradients and evaluates
 * @param links carry large messages
 * @param intake takes them in
 */
record Equipment(
    RunSpec spec,
    Timers timers,
    Channels channels,
    ComputeThread compute,
    PeerLinks links,
    Intake intake) {}
