"""What chat screens share: prompt, transcript, answers, parameters, wire view, composer."""
