FROM 
RUN sudo sh -c "zypper -=