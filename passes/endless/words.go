package endless

// orSay ends the message about a goroutine that has no stop signal in reach.
const orSay = "; give it a stop signal, or say //killcheck:lifetime process -- why"
